import type { HashedMember } from './hash-members.ts';

/*
 * The records of a zip archive (APPNOTE.TXT 6.3.10, 4.3), without the extensions for more than 4 GiB. Times are always
 * the earliest that zip knows, so that the same content is the same archive.
 */

/** More does not fit into the fields of the records. */
export const MAX_ZIP_BYTES = 0xffff_ffff;
export const MAX_ZIP_MEMBERS = 0xffff;

const VERSION_NEEDED = 20;
const MADE_ON_UNIX = (3 << 8) | VERSION_NEEDED;
/** Sizes and checksum stand behind the content; the name is UTF-8. */
const FLAGS = 0x0008 | 0x0800;
const DEFLATE = 8;
/** 1 January 1980. */
const EARLIEST_DATE = (1 << 5) | 1;
const REGULAR_FILE = 0o100000;
const FOLDER = 0o040000;

/** What stands in front of a member's content. */
export function localHeader(path: string): Uint8Array<ArrayBuffer> {
  const name = Buffer.from(path);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  writeShared(header, 4, { name, crc32: 0, compressedBytes: 0, sizeBytes: 0 });
  return new Uint8Array(Buffer.concat([header, name]));
}

/** What stands behind it. */
export function dataDescriptor(member: HashedMember, compressedBytes: number): Uint8Array<ArrayBuffer> {
  const descriptor = Buffer.alloc(16);
  descriptor.writeUInt32LE(0x08074b50, 0);
  descriptor.writeUInt32LE(member.crc32, 4);
  descriptor.writeUInt32LE(compressedBytes, 8);
  descriptor.writeUInt32LE(member.sizeBytes, 12);
  return new Uint8Array(descriptor);
}

/** The member's entry in the list at the end. */
export function centralHeader(member: HashedMember, compressedBytes: number, offset: number): Uint8Array<ArrayBuffer> {
  const name = Buffer.from(member.path);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(MADE_ON_UNIX, 4);
  writeShared(header, 6, { name, crc32: member.crc32, compressedBytes, sizeBytes: member.sizeBytes });
  const type = member.path.endsWith('/') ? FOLDER : REGULAR_FILE;
  header.writeUInt32LE(((type | member.mode) << 16) >>> 0, 38);
  header.writeUInt32LE(offset, 42);
  return new Uint8Array(Buffer.concat([header, name]));
}

/** The end of the archive, which says where its list is. */
export function endOfCentralDirectory(count: number, sizeBytes: number, offset: number): Uint8Array<ArrayBuffer> {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(sizeBytes, 12);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(end);
}

/** The fields that both headers of a member have, in the same order. */
function writeShared(
  header: Buffer,
  at: number,
  member: { name: Buffer; crc32: number; compressedBytes: number; sizeBytes: number },
): void {
  header.writeUInt16LE(VERSION_NEEDED, at);
  header.writeUInt16LE(FLAGS, at + 2);
  header.writeUInt16LE(DEFLATE, at + 4);
  header.writeUInt16LE(EARLIEST_DATE, at + 8);
  header.writeUInt32LE(member.crc32, at + 10);
  header.writeUInt32LE(member.compressedBytes, at + 14);
  header.writeUInt32LE(member.sizeBytes, at + 18);
  header.writeUInt16LE(member.name.length, at + 22);
}

import { crc32, deflateRawSync } from 'node:zlib';

/** A member of a hand-made archive. Whatever is given is written, be it true or not. */
export interface CraftedMember {
  name: string | Buffer;
  content?: string | Buffer;
  /** `st_mode` for the upper half of the external attributes. Default: a regular file, 644. */
  mode?: number;
  method?: number;
  flags?: number;
  crc?: number;
  uncompressedSize?: number;
  /** Bytes as they lie in the archive; default: the content, deflated where `method` is 8. */
  packed?: Buffer;
  /** Extra fields of the central directory. */
  extra?: Buffer;
  /** Uses the bytes of the first member, as overlapping bombs do. */
  sharesFirst?: boolean;
}

export interface CraftedZip {
  bytes: Buffer;
  /** Where the first member's packed bytes begin. */
  firstContentOffset: number;
}

const UTF8_FLAG = 0x800;

/** The extra field by which some archivers give a second, Unicode name (Info-ZIP, 0x7075); it wins over the first. */
export function unicodeNameField(firstName: string, name: string): Buffer {
  const field = Buffer.alloc(9);
  field.writeUInt16LE(0x7075, 0);
  field.writeUInt16LE(5 + Buffer.byteLength(name), 2);
  field.writeUInt8(1, 4);
  field.writeUInt32LE(crc32(firstName), 5);
  return Buffer.concat([field, Buffer.from(name)]);
}

/** Writes an archive by hand: honest archivers refuse to make what an attacker would. */
export function craftZip(members: readonly CraftedMember[]): CraftedZip {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const name = Buffer.from(member.name);
    const content = Buffer.from(member.content ?? '');
    const method = member.method ?? 0;
    const packed = member.packed ?? (method === 8 ? deflateRawSync(content) : content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(member.flags ?? UTF8_FLAG, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(member.crc ?? crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(member.uncompressedSize ?? content.length, 18);
    common.writeUInt16LE(name.length, 22);

    const extra = member.extra ?? Buffer.alloc(0);
    const centralCommon = Buffer.from(common);
    centralCommon.writeUInt16LE(extra.length, 24);
    const attributes = Buffer.alloc(14);
    attributes.writeUInt32LE(((member.mode ?? 0o100644) << 16) >>> 0, 6);
    attributes.writeUInt32LE(member.sharesFirst === true ? 0 : offset, 10);
    const madeByUnix = Buffer.from([20, 3]);
    centrals.push(Buffer.concat([Buffer.from('PK\x01\x02'), madeByUnix, centralCommon, attributes, name, extra]));
    if (member.sharesFirst === true) continue;
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, packed]);
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  const firstNameLength = members[0] === undefined ? 0 : Buffer.from(members[0].name).length;
  return { bytes: Buffer.concat([...locals, central, end]), firstContentOffset: 30 + firstNameLength };
}

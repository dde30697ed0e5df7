import { crc32 } from 'node:zlib';
import { createCompressor } from './compressor.ts';
import { DirectoryError } from './directory-error.ts';
import { createReadMemory, type HashedMember, type ReadMemory, readMember } from './hash-members.ts';
import type { Pieces } from './package-requests.ts';
import {
  centralHeader,
  dataDescriptor,
  endOfCentralDirectory,
  localHeader,
  MAX_ZIP_BYTES,
  MAX_ZIP_MEMBERS,
} from './zip-records.ts';

/**
 * The archive, made as it is read; nothing of it is kept. A piece must have been used when the next one is asked for.
 *
 * @param onRead told how many bytes of the files were read until then
 * @throws {DirectoryError} where a file is not what it was when it was hashed: the archive would not be what its name says; and where the whole is
 * beyond 4 GiB or 65,535 members
 */
export async function* zipMembers(
  members: readonly HashedMember[],
  onRead: (doneBytes: number) => void,
  signal: AbortSignal | undefined,
): Pieces {
  refuseTooMuch(members);
  const compressor = createCompressor();
  const memory = createReadMemory();
  const list: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  let doneBytes = 0;
  const count = (bytes: number) => {
    doneBytes += bytes;
    onRead(doneBytes);
  };
  try {
    for (const member of members) {
      const header = localHeader(member.path);
      yield header;
      let compressedBytes = 0;
      for await (const piece of compressor.compress(checked(member, memory, count, signal))) {
        compressedBytes += piece.length;
        yield piece;
      }
      const descriptor = dataDescriptor(member, compressedBytes);
      yield descriptor;
      list.push(centralHeader(member, compressedBytes, offset));
      offset += header.length + compressedBytes + descriptor.length;
    }
  } finally {
    compressor.close();
  }
  yield* list;
  const listBytes = list.reduce((sum, entry) => sum + entry.length, 0);
  yield endOfCentralDirectory(list.length, listBytes, offset);
}

/** The content, compared with what was hashed. */
async function* checked(
  member: HashedMember,
  memory: ReadMemory,
  onRead: (count: number) => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let sum = 0;
  let sizeBytes = 0;
  for await (const piece of readMember(member, memory, signal)) {
    sum = crc32(piece, sum);
    sizeBytes += piece.length;
    onRead(piece.length);
    yield piece;
  }
  if (sum !== member.crc32 || sizeBytes !== member.sizeBytes) {
    throw new DirectoryError(`${member.path} was changed while the directory was uploaded: try again`);
  }
}

function refuseTooMuch(members: readonly HashedMember[]): void {
  const wholeBytes = members.reduce((sum, { path, sizeBytes }) => sum + sizeBytes + 2 * path.length + 100, 0);
  if (wholeBytes > MAX_ZIP_BYTES) throw new DirectoryError('the directory is larger than 4 GiB');
  if (members.length > MAX_ZIP_MEMBERS) {
    throw new DirectoryError(`the directory has ${members.length} files, more than the ${MAX_ZIP_MEMBERS} of a zip`);
  }
}

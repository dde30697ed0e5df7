import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { DirectoryError } from './directory-error.ts';
import type { Member } from './list-members.ts';

export interface HashedMember extends Member {
  /** Of its content, as zip wants it. */
  crc32: number;
}

/** Large enough to keep the disk busy, small enough to be nothing in memory. */
const READ_BYTES = 256 * 1024;

/** What {@link readMember} reads into, file after file. */
export type ReadMemory = Uint8Array<ArrayBuffer>;

export function createReadMemory(): ReadMemory {
  return new Uint8Array(READ_BYTES);
}

/**
 * Reads every file once. The name of the package is made of names, modes and contents, and of nothing else: the same
 * directory has the same name everywhere, and needs no second upload.
 *
 * @param onBytes told of every piece that was read
 */
export async function hashMembers(
  members: readonly Member[],
  onBytes: (count: number) => void,
  signal: AbortSignal | undefined,
): Promise<{ name: string; members: HashedMember[] }> {
  const whole = createHash('sha256');
  const hashed: HashedMember[] = [];
  const memory = createReadMemory();
  for (const member of members) {
    const content = createHash('sha256');
    let sum = 0;
    let sizeBytes = 0;
    for await (const piece of readMember(member, memory, signal)) {
      content.update(piece);
      sum = crc32(piece, sum);
      sizeBytes += piece.length;
      onBytes(piece.length);
    }
    // JSON, so that no name can look like the end of another.
    whole.update(`${JSON.stringify([member.path, member.mode, content.digest('hex')])}\n`);
    hashed.push({ ...member, sizeBytes, crc32: sum });
  }
  return { name: `drover_pkg_${whole.digest('hex').slice(0, 32)}.zip`, members: hashed };
}

/**
 * The content of a member, nothing for a folder. All pieces lie in the memory that is given, one after the other: a piece must have been used
 * when the next is asked for. With memory of its own for each, the garbage would be as large as the directory.
 */
export async function* readMember(
  member: Member,
  memory: ReadMemory,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  if (member.path.endsWith('/')) return;
  try {
    await using file = await open(member.source);
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(memory, 0, memory.length);
      if (bytesRead === 0) return;
      yield memory.subarray(0, bytesRead);
    }
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DirectoryError(`${member.path} cannot be read: ${reason}`, { cause });
  }
}

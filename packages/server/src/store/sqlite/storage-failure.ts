/** Primary result codes after which nothing that this process knows of the file can be relied on. */
const FATAL_CODES: ReadonlySet<number> = new Set([
  7, // NOMEM
  8, // READONLY
  10, // IOERR
  11, // CORRUPT
  14, // CANTOPEN
  15, // PROTOCOL
  26, // NOTADB
]);

const FULL = 13;

/** The shared-memory file could not grow. SQLite reports it as an I/O error, the reason is the full disk. */
const IOERR_SHMSIZE = 10 | (19 << 8);

export type StorageFailure = 'full' | 'fatal';

/**
 * What an error says about the storage under the database; null where it concerns one statement only (a
 * constraint, a busy file, an error of our own).
 */
export function storageFailure(error: unknown): StorageFailure | null {
  const code = resultCode(error);
  if (code === null) return null;
  if (code === IOERR_SHMSIZE || (code & 0xff) === FULL) return 'full';
  return FATAL_CODES.has(code & 0xff) ? 'fatal' : null;
}

/** SQLite's extended result code of an error that node:sqlite threw. */
function resultCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null;
  return typeof error.errcode === 'number' ? error.errcode : null;
}

import { statSync } from 'node:fs';
import { type AttemptRecord, parseRecord } from './grammar.ts';
import { readTextIfThere } from './read-text.ts';

/** Reads the record file at `path`; null where nobody has claimed the attempt. */
export function readRecord(path: string): AttemptRecord | null {
  const text = readTextIfThere(path);
  return text === null ? null : parseRecord(text);
}

/** When the last line was written, in milliseconds since 1970; null where the record was removed. */
export function recordWrittenAtMs(path: string): number | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? Math.round(stats.mtimeMs) : null;
}

/**
 * When the attempt was claimed, or (on a file system that does not keep that) when the last line was written; null where the record
 * was removed.
 */
export function recordClaimedAtMs(path: string): number | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return null;
  const { birthtimeMs, mtimeMs } = stats;
  return Math.round(birthtimeMs > 0 ? Math.min(birthtimeMs, mtimeMs) : mtimeMs);
}

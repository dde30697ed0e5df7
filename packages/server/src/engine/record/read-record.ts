import { statSync } from 'node:fs';
import { type AttemptRecord, parseRecord } from './grammar.ts';
import { readTextIfThere } from './read-text.ts';

/** Reads the record file at `path`; null where nobody has claimed the attempt. */
export function readRecord(path: string): AttemptRecord | null {
  const text = readTextIfThere(path);
  return text === null ? null : parseRecord(text);
}

/** When the last line was written, in milliseconds since 1970. */
export function recordWrittenAtMs(path: string): number {
  return Math.round(statSync(path).mtimeMs);
}

/** When the attempt was claimed, or (on a file system that does not keep that) when the last line was written. */
export function recordClaimedAtMs(path: string): number {
  const { birthtimeMs, mtimeMs } = statSync(path);
  return Math.round(birthtimeMs > 0 ? Math.min(birthtimeMs, mtimeMs) : mtimeMs);
}

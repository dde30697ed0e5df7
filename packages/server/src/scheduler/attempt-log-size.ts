import { stat } from 'node:fs/promises';
import { attemptPaths } from '../engine/attempt-directory.ts';
import { hasCode } from '../errors/system-error.ts';

/** Disk space in bytes that an attempt's output takes; what was punched out of a capped log takes none. */
export async function measureLog(attemptsDir: string, attemptId: string): Promise<number> {
  try {
    const { blocks } = await stat(attemptPaths(attemptsDir, attemptId).log);
    return blocks * 512;
  } catch (error) {
    // A driver that was lost before it began has left no log.
    if (hasCode(error, 'ENOENT')) return 0;
    throw error;
  }
}

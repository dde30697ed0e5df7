import type { AttemptPaths } from '../attempt-directory.ts';
import { capLog, findPunchObstacle, isOverLimit } from './log-cap.ts';

/** Keeps logs within their limit, where the file system can. */
export interface LogCapper {
  /** What is in force. */
  description: string;
  /** Drops the front of the log if it is over the limit. Never rejects. */
  cap(paths: AttemptPaths): Promise<void>;
}

/** Finds out whether logs below `attemptsDir` can be capped; where not, they are left whole. */
export async function openLogCapper(
  attemptsDir: string,
  maxBytes: number,
  warn: (message: string, cause?: unknown) => void,
): Promise<LogCapper> {
  const obstacle = await findPunchObstacle(attemptsDir);
  if (obstacle !== null) {
    return { description: `none, logs are left whole: ${obstacle}`, cap: async () => undefined };
  }
  const busy = new Map<string, Promise<void>>();

  async function capNow(paths: AttemptPaths): Promise<void> {
    try {
      await capLog(paths, maxBytes);
    } catch (error) {
      warn(`the log ${paths.log} could not be capped`, error);
    } finally {
      busy.delete(paths.log);
    }
  }

  return {
    description: `${maxBytes} bytes for each attempt, older output is dropped`,
    async cap(paths) {
      await busy.get(paths.log);
      if (!isOverLimit(paths.log, maxBytes)) return;
      const work = busy.get(paths.log) ?? capNow(paths);
      busy.set(paths.log, work);
      await work;
    },
  };
}

import type { AttemptPaths } from '../attempt-directory.ts';
import type { Warn } from '../warn-once.ts';
import { capLog, isNearLimit, measureLog } from './log-cap.ts';
import { type LogWriter, ownLogs } from './log-writer.ts';
import { findPunchObstacle } from './punch-front.ts';

/** Keeps logs within their limit, where the file system can. */
export interface LogCapper {
  /** What is in force. */
  description: string;
  /** Why logs are not capped, as a sentence for the operator; null where they are. */
  warning: string | null;
  /** Drops the front of the log if it is over the limit. Never rejects: what fails is told, and tried again with the next call. */
  cap(paths: AttemptPaths, warn: Warn): Promise<void>;
}

/**
 * Finds out whether logs below `attemptsDir` can be capped; where not, they are left whole.
 *
 * @param writer writes to the logs, which may be another user's
 */
export async function openLogCapper(
  attemptsDir: string,
  maxBytes: number,
  writer: LogWriter = ownLogs,
): Promise<LogCapper> {
  const limit = `${maxBytes} bytes for each attempt, older output is dropped`;
  let canPunch: boolean | null = null;

  /** The description and the warning that follow from a trial; a trial that was impossible is made again when a log needs it. */
  async function tryPunching(): Promise<Pick<LogCapper, 'description' | 'warning'>> {
    try {
      const obstacle = await findPunchObstacle(attemptsDir);
      canPunch = obstacle === null;
      if (obstacle === null) return { description: limit, warning: null };
      return { description: `none, logs are left whole: ${obstacle}`, warning: `logs are not capped: ${obstacle}` };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return {
        description: `${limit}, if that proves possible: ${reason}`,
        warning: `whether logs can be capped could not be tried yet: ${reason}`,
      };
    }
  }

  const busy = new Map<string, Promise<void>>();

  async function capNow(paths: AttemptPaths, warn: Warn): Promise<void> {
    try {
      if (canPunch === null) {
        const { warning } = await tryPunching();
        if (warning !== null) warn(warning, undefined);
      }
      if (canPunch) await capLog(paths, maxBytes, writer);
    } catch (error) {
      warn(couldNotCap(paths), error);
    } finally {
      busy.delete(paths.log);
    }
  }

  const found = await tryPunching();
  return {
    ...found,
    async cap(paths, warn) {
      try {
        await busy.get(paths.log);
        if (canPunch === false || !isNearLimit(measureLog(paths.log), maxBytes)) return;
      } catch (error) {
        warn(couldNotCap(paths), error);
        return;
      }
      const work = busy.get(paths.log) ?? capNow(paths, warn);
      busy.set(paths.log, work);
      await work;
    },
  };
}

function couldNotCap(paths: AttemptPaths): string {
  return `the log ${paths.log} could not be capped`;
}

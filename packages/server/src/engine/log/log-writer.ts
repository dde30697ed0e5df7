import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { logMark, writeLogMark } from './log-mark.ts';
import { punchFront } from './punch-front.ts';

/** What is done to the files of a log that is capped. */
export interface LogWriter {
  /** Says where the kept part begins, as {@link writeLogMark} does. */
  mark(path: string, firstByte: number): Promise<void>;
  /** Gives the first bytes back to the file system. */
  punch(path: string, lengthBytes: number): Promise<void>;
}

/** For logs that are the server's own. */
export const ownLogs: LogWriter = {
  mark: async (path, firstByte) => writeLogMark(path, firstByte),
  punch: (path, lengthBytes) => punchFront(path, lengthBytes),
};

/**
 * For logs of another user, in folders of that user's: a server that is root does it as the user, so that whatever was put in a file's place
 * nothing is written there that the user could not write.
 */
export function logsOf({ uid, gid }: { uid: number; gid: number }): LogWriter {
  const asUser = { uid, gid };
  return {
    async mark(path, firstByte) {
      // One write into one page, in place: see writeLogMark.
      const script = 'umask 077; printf %s "$2" | dd of="$1" bs=64 iflag=fullblock conv=notrunc status=none';
      const env = { PATH: process.env.PATH, LC_ALL: 'C' };
      try {
        await promisify(execFile)('/bin/sh', ['-c', script, 'sh', path, logMark(firstByte)], { ...asUser, env });
      } catch (error) {
        throw withCode(error);
      }
    },
    punch: (path, lengthBytes) => punchFront(path, lengthBytes, asUser),
  };
}

const CODES = { 'No space left on device': 'ENOSPC', 'Disk quota exceeded': 'EDQUOT' };

/** What a program says of a full disk, as Node would. */
function withCode(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const found = Object.entries(CODES).find(([words]) => error.message.includes(words));
  return found === undefined ? error : Object.assign(new Error(error.message, { cause: error }), { code: found[1] });
}

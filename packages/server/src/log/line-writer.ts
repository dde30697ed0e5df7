import { writeSync } from 'node:fs';

/** Writes lines at once, and never throws: a log that cannot be written must not end what it tells of. */
export interface LineWriter {
  write(line: string): void;
}

/** A pipe that was made non-blocking says so while its reader is behind. */
const PAUSE_MS = 5;
const LONGEST_WAIT_MS = 200;

const NEWLINE = 0x0a;

/**
 * Writes to a file descriptor. Lines that it does not take (disk full, reader or terminal gone) are dropped; the first one that it takes
 * again is preceded by what `lossLine` makes of their number and of the reason.
 *
 * @param put as `writeSync`: answers how many bytes were taken
 */
export function createLineWriter(
  fd: number,
  lossLine: (dropped: number, reason: string) => string,
  put: (fd: number, bytes: Uint8Array) => number = writeSync,
): LineWriter {
  let dropped = 0;
  let reason = '';
  /** A line broke off: the next one must not be glued to it. */
  let isMidLine = false;

  function writeAll(bytes: Uint8Array): void {
    // Once lines were lost, nobody waits for the reader again until it has come back.
    let patienceMs = dropped === 0 ? LONGEST_WAIT_MS : 0;
    for (let rest = bytes; rest.length > 0; ) {
      try {
        const taken = put(fd, rest);
        if (taken > 0) isMidLine = rest[taken - 1] !== NEWLINE;
        rest = rest.subarray(taken);
      } catch (error) {
        if (codeOf(error) !== 'EAGAIN' || patienceMs <= 0) throw error;
        patienceMs -= PAUSE_MS;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
      }
    }
  }

  return {
    write(line) {
      try {
        const loss = dropped === 0 ? '' : lossLine(dropped, reason);
        writeAll(Buffer.from(`${isMidLine ? '\n' : ''}${loss}${line}`));
        dropped = 0;
      } catch (error) {
        dropped += 1;
        reason = codeOf(error);
      }
    },
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { StopSignal } from '../../job/job.ts';
import { hundredths } from './batch-script.ts';

/** Where a supervisor on another machine finds that it is to end its driver. It is there, empty, from the beginning. */
export function stopFileOf(directory: string): string {
  return join(directory, 'stop');
}

/** Written to by the supervisor as a sign that it lives. */
export function aliveFileOf(directory: string): string {
  return join(directory, 'alive');
}

/**
 * Asks the supervisor to end its driver: it looks every few seconds, and when it is sent SIGTERM.
 *
 * @param graceMs from when it reads this
 */
export async function writeStop(path: string, signal: StopSignal, graceMs: number): Promise<void> {
  // In place: a machine that knows the file would not see for a while that another has its name. No link is
  // followed and no pipe waited for, since the folder may belong to the driver's user, who is not ours.
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW, O_NONBLOCK } = constants;
  await using file = await open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK, 0o644);
  await file.writeFile(`${signal.slice('SIG'.length)} ${hundredths(graceMs)} .\n`);
}

import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type DoorClient, readJson } from './door-client.ts';
import { readClaim } from './read-answers.ts';

export interface TakenWork {
  graceMs: number;
}

/**
 * Claims the attempt, and puts all that the driver needs into the shared folder. Null where another pod has the attempt.
 *
 * @throws where the working directory cannot be unpacked here
 */
export async function takeWork(
  door: DoorClient,
  folder: string,
  node: string,
  signal: AbortSignal,
): Promise<TakenWork | null> {
  const answer = await door.ask({ method: 'POST', path: 'claim', json: () => ({ node }), signal });
  if (answer.status === 409) {
    answer.body.resume();
    return null;
  }
  const work = readClaim(await readJson(answer));
  writeFileSync(join(folder, 'driver.sh'), work.driver, { mode: 0o644 });
  writeFileSync(join(folder, 'order'), work.order, { mode: 0o644 });
  const output = join(folder, 'output');
  mkdirSync(output, { recursive: true });
  // The driver's container may have another user, and nobody else sees this volume.
  chmodSync(output, 0o777);
  if (work.hasWorkingDirectory) await fetchWorkingDirectory(door, join(folder, 'work'), signal);
  return { graceMs: work.graceMs };
}

const TRIES = 5;

async function fetchWorkingDirectory(door: DoorClient, target: string, signal: AbortSignal): Promise<void> {
  for (let left = TRIES; ; left -= 1) {
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target);
    chmodSync(target, 0o777);
    const answer = await door.ask({ method: 'GET', path: 'working-directory', signal });
    try {
      await unpack(answer.body, target);
      return;
    } catch (error) {
      // The server may have gone in the middle of it.
      if (left === 1 || signal.aborted) throw error;
    }
  }
}

async function unpack(archive: NodeJS.ReadableStream, target: string): Promise<void> {
  // As it is written, but for the driver's user, whoever that is.
  const script = 'tar -xf - -C "$1" && chmod -R a+rwX "$1"';
  const child = spawn('/bin/sh', ['-c', script, 'sh', target], { stdio: ['pipe', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (piece) => {
    complaint += piece;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const [fed, code] = await Promise.allSettled([pipeline(archive, child.stdin), ended]);
  if (code.status === 'rejected') throw code.reason;
  if (code.value !== 0) throw new Error(`tar: ${complaint.trim() || `ended with ${code.value}`}`);
  if (fed.status === 'rejected') throw fed.reason;
}

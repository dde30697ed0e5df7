import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type DoorClient, readJson } from './door-client.ts';
import type { PodFolder } from './pod-folder.ts';
import { type ClaimAnswer, readClaim } from './read-answers.ts';

export interface TakenWork {
  graceMs: number;
  /** Why the driver cannot begin: the working directory cannot be unpacked here. Null where it can. */
  obstacle: string | null;
}

export interface Destination {
  folder: PodFolder;
  /** Where nobody else writes, on the same file system: what is unpacked there appears in the folder as a whole. */
  staging: string;
}

/**
 * Claims the attempt, and puts all that the driver needs into the shared folder. Null where another pod has the attempt.
 *
 * @throws where the folder cannot be written to
 */
export async function takeWork(
  door: DoorClient,
  { folder, staging }: Destination,
  node: string,
  signal: AbortSignal,
): Promise<TakenWork | null> {
  const work = await claim(door, node, signal);
  if (work === null) return null;
  folder.writeText('driver.sh', work.driver);
  folder.writeText('order', work.order);
  folder.writeText('grace', `${work.graceMs}\n`);
  folder.openFolder('output').close();
  // An earlier courier may have done it.
  if (work.hasWorkingDirectory && !folder.has('work')) {
    let unpacked: string;
    try {
      unpacked = await fetchWorkingDirectory(door, staging, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      return { graceMs: work.graceMs, obstacle: error instanceof Error ? error.message : String(error) };
    }
    folder.adopt(unpacked, 'work');
  }
  return { graceMs: work.graceMs, obstacle: null };
}

async function claim(door: DoorClient, node: string, signal: AbortSignal): Promise<ClaimAnswer | null> {
  for (;;) {
    const answer = await door.ask({ method: 'POST', path: 'claim', json: () => ({ node }), signal });
    if (answer.status === 409) {
      answer.body.resume();
      return null;
    }
    let given: unknown;
    try {
      given = await readJson(answer);
    } catch {
      // It broke off: the pod that has the claim gets it again.
      await delay(BROKEN_OFF_MS, undefined, { signal });
      continue;
    }
    return readClaim(given);
  }
}

const BROKEN_OFF_MS = 200;

/** What was taken by an earlier courier, whose driver may run. */
export function workTakenBefore(folder: PodFolder): TakenWork | null {
  if (!folder.has('record')) return null;
  return { graceMs: Number.parseInt(folder.readText('grace') ?? '', 10) || 0, obstacle: null };
}

const TRIES = 5;

/** Answers where it lies then. */
async function fetchWorkingDirectory(door: DoorClient, staging: string, signal: AbortSignal): Promise<string> {
  for (let left = TRIES; ; left -= 1) {
    const target = mkdtempSync(join(staging, 'work-'));
    try {
      chmodSync(target, 0o777);
      const answer = await door.ask({ method: 'GET', path: 'working-directory', signal });
      await unpack(answer.body, target);
      return target;
    } catch (error) {
      rmSync(target, { recursive: true, force: true });
      // The server may have gone in the middle of it.
      if (left === 1 || signal.aborted) throw error;
    }
  }
}

const MOST_COMPLAINT = 2000;

async function unpack(archive: NodeJS.ReadableStream, target: string): Promise<void> {
  // As it is written, but for the driver's user, whoever that is.
  const script = 'tar -xf - --no-same-owner -C "$1" && chmod -R a+rwX "$1"';
  const child = spawn('/bin/sh', ['-c', script, 'sh', target], { stdio: ['pipe', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (piece) => {
    complaint = `${complaint}${piece}`.slice(-MOST_COMPLAINT);
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

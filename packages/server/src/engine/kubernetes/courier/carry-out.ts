import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type AttemptRecord, parseRecord } from '../../record/grammar.ts';
import { createDoorClient, type DoorAccess, type DoorClient, readJson } from './door-client.ts';
import { type DriverControl, openDriverControl } from './driver-control.ts';
import { readCommand } from './read-answers.ts';
import { type OutputShipment, shipOutput } from './ship-output.ts';
import { type TakenWork, takeWork } from './take-work.ts';
import { waitInFolder } from './watch-files.ts';

export interface CourierOptions {
  access: DoorAccess;
  /** Name of the node, for people. */
  node: string;
  /** Shared with the driver's container. */
  folder: string;
  /** Aborted when the pod is being ended. */
  stopping: AbortSignal;
  warn(message: string): void;
}

/**
 * A courier's whole life: waits for the supervisor of the driver's container, claims the attempt, lets the driver run, brings its output and
 * its end to the server, and brings the server's wish to stop it back. Ends when the server knows the end.
 */
export async function carryOut(options: CourierOptions): Promise<void> {
  const { access, folder, stopping, warn } = options;
  const door = createDoorClient(access, warn);
  let control: DriverControl;
  try {
    // Not before the container of the driver lives: what has been claimed cannot begin elsewhere.
    control = await waitInFolder(folder, () => openDriverControl(folder), stopping);
  } catch {
    return;
  }
  const claimed = await claim(door, options);
  if (claimed === null) {
    control.refuse();
    // What nobody has opened yet would be lost with this end of it.
    await waitInFolder(folder, () => statSync(join(folder, 'listens'), { throwIfNoEntry: false }) ?? null, NEVER);
    return;
  }

  const output = shipOutput(door, join(folder, 'output', 'log'));
  const over = new AbortController();
  const stop = () => control.stop('SIGTERM', claimed.graceMs);
  stopping.addEventListener('abort', stop);
  control.go(claimed.graceMs);
  if (stopping.aborted) stop();
  const finished = obeyServer(door, control, over.signal);

  const recordOf = () => readRecord(folder);
  const hasBegun = (record: AttemptRecord) => record.driver !== null || record.exitCode !== null;
  const begun = waitInFolder(folder, () => where(recordOf(), hasBegun), over.signal);
  const ended = waitInFolder(folder, () => where(recordOf(), (record) => record.exitCode !== null), over.signal);
  await Promise.race([begun, finished]);
  await tellStart(door, recordOf());
  await Promise.race([ended, finished]);
  await tellEnd(door, folder, output);
  over.abort();
  output.close();
  control.close();
}

async function claim(door: DoorClient, options: CourierOptions): Promise<TakenWork | null> {
  const { folder, node, stopping, warn } = options;
  try {
    return await takeWork(door, folder, node, stopping);
  } catch (error) {
    if (stopping.aborted) return null;
    const reason = error instanceof Error ? error.message : String(error);
    warn(`the working directory cannot be made: ${reason}`);
    const text = Buffer.from(`drover: the driver was not started: its working directory cannot be made: ${reason}\n`);
    (await door.ask({ method: 'POST', path: 'output?offset=0', bytes: text })).body.resume();
    const end = { exit_code: 125, refusal: 'directory', out_of_memory: false, output_bytes: text.length, ago_ms: 0 };
    await askToEnd(door, () => end);
    return null;
  }
}

/** Carries out what the server wants of the driver. Resolves when it wants no more than what is left of the output. */
async function obeyServer(door: DoorClient, control: DriverControl, signal: AbortSignal): Promise<void> {
  let after = '';
  while (!signal.aborted) {
    try {
      const answer = await door.ask({ method: 'GET', path: `command?after=${after}`, signal });
      if (answer.status !== 200) {
        answer.body.resume();
        if (answer.status === 409) return;
        continue;
      }
      const command = readCommand(await readJson(answer));
      after = command.id;
      if (command.kind === 'finish') return;
      control.stop(command.signal, command.graceMs);
    } catch {
      // The driver has ended; or the answer broke off, and is asked for again.
      if (!signal.aborted) await delay(BROKEN_OFF_MS);
    }
  }
}

const BROKEN_OFF_MS = 200;

const NEVER = new AbortController().signal;

async function tellStart(door: DoorClient, record: AttemptRecord | null): Promise<void> {
  const driver = record?.driver;
  if (driver == null) return;
  const { pid, startTicks } = driver;
  const seenAt = performance.now();
  const answer = await door.ask({
    method: 'POST',
    path: 'started',
    json: () => ({ pid, start_ticks: startTicks, ago_ms: since(seenAt) }),
  });
  answer.body.resume();
}

/** All output first: who hears of the end finds it whole. */
async function tellEnd(door: DoorClient, folder: string, output: OutputShipment): Promise<void> {
  const seenAt = performance.now();
  for (;;) {
    const outputBytes = await output.finish();
    const record = readRecord(folder);
    const missing = await askToEnd(door, () => ({
      exit_code: record?.exitCode ?? null,
      refusal: record?.refusal ?? null,
      out_of_memory: record?.outOfMemory ?? false,
      output_bytes: outputBytes,
      ago_ms: since(seenAt),
    }));
    if (missing === null) return;
    output.goBackTo(missing);
  }
}

/** Null where the server knows the end now, or wants to hear no more; else how much of the output it has. */
async function askToEnd(door: DoorClient, end: () => object): Promise<number | null> {
  const answer = await door.ask({ method: 'POST', path: 'ended', json: end });
  answer.body.resume();
  const size = answer.headers['drover-output-size'];
  return answer.status === 409 && size !== undefined ? Number(size) : null;
}

function since(momentMs: number): number {
  return Math.round(performance.now() - momentMs);
}

function readRecord(folder: string): AttemptRecord | null {
  const path = join(folder, 'record');
  return statSync(path, { throwIfNoEntry: false }) === undefined ? null : parseRecord(readFileSync(path, 'utf8'));
}

function where(record: AttemptRecord | null, holds: (record: AttemptRecord) => boolean): AttemptRecord | null {
  return record !== null && holds(record) ? record : null;
}

import { setTimeout as delay } from 'node:timers/promises';
import { type AttemptRecord, parseRecord } from '../../record/grammar.ts';
import { createDoorClient, type DoorAccess, type DoorAgent, type DoorClient, readJson } from './door-client.ts';
import { type DriverControl, openDriverControl } from './driver-control.ts';
import type { PodFolder } from './pod-folder.ts';
import { readCommand } from './read-answers.ts';
import { type OutputShipment, shipOutput } from './ship-output.ts';
import { type TakenWork, takeWork, workTakenBefore } from './take-work.ts';
import { waitInFolder } from './watch-files.ts';

export interface CourierOptions {
  access: DoorAccess;
  agent: DoorAgent;
  /** Name of the node, for people. */
  node: string;
  /** Shared with the driver's container. */
  folder: PodFolder;
  /** For what is being unpacked, see `take-work.ts`. */
  staging: string;
  /** Aborted when the pod is being ended. */
  stopping: AbortSignal;
  warn(message: string): void;
}

/**
 * A courier's whole work for a pod: waits for the supervisor of the driver's container, claims the attempt, lets the driver run, brings its
 * output and its end to the server, and brings the server's wish to stop it back. Ends when the server knows the end. May be begun again
 * for the same pod, by another courier, wherever the one before was.
 */
export async function carryOut(options: CourierOptions): Promise<void> {
  const { access, agent, folder, stopping, warn } = options;
  const door = createDoorClient(access, agent, warn);
  const inVain = AbortSignal.any([stopping, access.gone]);
  let control: DriverControl;
  try {
    // Not before the container of the driver lives: what has been claimed cannot begin elsewhere.
    control = await waitInFolder(folder.path, () => openDriverControl(folder), inVain);
  } catch (error) {
    if (stopping.aborted) return;
    throw error;
  }
  try {
    const begun = workTakenBefore(folder);
    const taken = begun ?? (await claim(door, options, inVain));
    if (taken === null) {
      control.refuse();
      // What nobody has opened yet would be lost with this end of it.
      await waitInFolder(folder.path, () => (folder.has('listens') ? true : null), access.gone);
      return;
    }
    if (begun === null) control.go(taken.graceMs);
    await follow(door, control, taken, options);
    control.bye();
  } finally {
    control.close();
  }
}

/** From when the driver may run until the server knows the end. */
async function follow(
  door: DoorClient,
  control: DriverControl,
  { graceMs }: TakenWork,
  { access, folder, stopping }: CourierOptions,
): Promise<void> {
  const outputFolder = folder.openFolder('output');
  const output = shipOutput(door, outputFolder, 'log');
  const over = new AbortController();
  const stop = () => control.stop('SIGTERM', graceMs);
  stopping.addEventListener('abort', stop);
  if (stopping.aborted) stop();
  try {
    const finished = obeyServer(door, control, AbortSignal.any([over.signal, access.gone]));
    const recordOf = recordReader(folder);
    const until = (holds: (record: AttemptRecord) => boolean) =>
      Promise.race([waitInFolder(folder.path, () => where(recordOf(), holds), over.signal), finished]);
    await until((record) => record.driver !== null || record.exitCode !== null);
    await tellStart(door, recordOf());
    await until((record) => record.exitCode !== null);
    await tellEnd(door, recordOf, output);
  } finally {
    over.abort();
    stopping.removeEventListener('abort', stop);
    output.close();
    outputFolder.close();
  }
}

/** Null where no driver is to begin here: another pod has the attempt, this one is being ended, or its working directory cannot be made. */
async function claim(door: DoorClient, options: CourierOptions, inVain: AbortSignal): Promise<TakenWork | null> {
  let taken: TakenWork | null;
  try {
    taken = await takeWork(door, options, options.node, inVain);
  } catch (error) {
    if (inVain.aborted) return null;
    throw error;
  }
  if (taken === null || taken.obstacle === null) return taken;
  const sentence = `its working directory cannot be made: ${taken.obstacle}`;
  options.warn(sentence);
  const text = Buffer.from(`drover: the driver was not started: ${sentence}\n`);
  (await door.ask({ method: 'POST', path: 'output?offset=0', bytes: text })).body.resume();
  const end = { exit_code: 125, refusal: 'directory', out_of_memory: false, output_bytes: text.length, ago_ms: 0 };
  await askToEnd(door, () => end);
  return null;
}

/** Carries out what the server wants of the driver. Resolves when it wants no more than what is left of the output, and on `signal`. */
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
      if (signal.aborted) return;
      await delay(BROKEN_OFF_MS); // The answer broke off.
    }
  }
}

const BROKEN_OFF_MS = 200;

async function tellStart(door: DoorClient, record: AttemptRecord | null): Promise<void> {
  const driver = record?.driver;
  if (driver == null || driver.pid === 0) return;
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
async function tellEnd(door: DoorClient, recordOf: () => AttemptRecord | null, output: OutputShipment): Promise<void> {
  const seenAt = performance.now();
  for (;;) {
    const outputBytes = await output.finish();
    const record = recordOf();
    const missing = await askToEnd(door, () => ({
      exit_code: exitCodeOf(record),
      refusal: record?.refusal ?? null,
      out_of_memory: record?.outOfMemory ?? false,
      output_bytes: outputBytes,
      ago_ms: since(seenAt),
    }));
    if (missing === null) return;
    output.goBackTo(missing);
  }
}

/** Null where the supervisor has none to tell, or none that a process can end with. */
function exitCodeOf(record: AttemptRecord | null): number | null {
  const code = record?.exitCode ?? null;
  return code !== null && code <= HIGHEST_EXIT_CODE ? code : null;
}

const HIGHEST_EXIT_CODE = 255;

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

/** Reads the record of the supervisor; what it said last, where the folder is gone. */
function recordReader(folder: PodFolder): () => AttemptRecord | null {
  let last: AttemptRecord | null = null;
  return () => {
    const text = folder.readText('record');
    if (text !== null) last = parseRecord(text);
    return last;
  };
}

function where(record: AttemptRecord | null, holds: (record: AttemptRecord) => boolean): AttemptRecord | null {
  return record !== null && holds(record) ? record : null;
}

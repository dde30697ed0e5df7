import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AttemptPaths, attemptPaths } from '../../../src/engine/attempt-directory.ts';
import { keepPodWork } from '../../../src/engine/kubernetes/attempt-file.ts';
import { createCommandBoard } from '../../../src/engine/kubernetes/door/command-board.ts';
import { createPodDoor } from '../../../src/engine/kubernetes/door/create-pod-door.ts';
import type { PodDoor } from '../../../src/engine/kubernetes/door/pod-door.ts';
import { takeClaim } from '../../../src/engine/record/claim.ts';
import { readRecord } from '../../../src/engine/record/read-record.ts';

const ID = 'att-1';
const START = { pid: 9, startTicks: 100, agoMs: 40 };
const END = { exitCode: 3, refusal: null, outOfMemory: false, outputBytes: 0, agoMs: 20 };

let attemptsDir: string;
let paths: AttemptPaths;
let door: PodDoor;
let told: string[];

beforeEach(() => {
  attemptsDir = mkdtempSync(join(tmpdir(), 'drover-door-'));
  paths = attemptPaths(attemptsDir, ID);
  mkdirSync(paths.directory);
  const metadata = { name: ID, namespace: 'default', labels: {}, annotations: {} };
  keepPodWork(paths.directory, {
    engine: 'kubernetes',
    token: 'the-token',
    manifest: { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: {} },
    order: 'the order',
    hasWorkingDirectory: false,
    graceMs: 5000,
  });
  told = [];
  door = createPodDoor({
    engine: 'kubernetes',
    hostName: 'drover',
    mostPods: 1,
    attemptsDir,
    commands: createCommandBoard(),
    nowMs: () => 1_000_000,
    onWord: () => undefined,
    onRecordWritten: () => told.push('record'),
    onDelivered: () => told.push('delivered'),
  });
});
afterEach(() => rmSync(attemptsDir, { recursive: true, force: true }));

const taken = expect.objectContaining({ code: 'ATTEMPT_TAKEN' });
const thrownBy = (work: () => unknown): unknown => {
  try {
    work();
    return null;
  } catch (error) {
    return error;
  }
};

describe('who may ask', () => {
  it.each([
    [ID, 'the-token', true],
    [ID, 'the-tokem', false],
    [ID, '', false],
    ['att-2', 'the-token', false],
    ['../att-1', 'the-token', false],
  ])('for %j with %j: %s', (id, token, isKnown) => {
    expect(door.isKnown(id, token)).toBe(isKnown);
  });

  it('not for an attempt of another engine', () => {
    const other = createPodDoor({
      ...{
        engine: 'other',
        hostName: 'drover',
        mostPods: 1,
        attemptsDir,
        commands: createCommandBoard(),
        nowMs: Date.now,
      },
      ...{ onWord: () => undefined, onRecordWritten: () => undefined, onDelivered: () => undefined },
    });
    expect(other.isKnown(ID, 'the-token')).toBe(false);
  });
});

describe('the claim', () => {
  it('is on the disk before the order is given, and names the pod', () => {
    expect(door.claim(ID, 'pod-a', 'n1')).toMatchObject({ order: 'the order', graceMs: 5000 });
    expect(readFileSync(paths.record, 'utf8')).toBe('place pod-a n1 .\n');
    expect(told).toEqual(['record']);
  });

  it('is given again to the pod that has it, and to no other', () => {
    door.claim(ID, 'pod-a', 'n1');
    expect(thrownBy(() => door.claim(ID, 'pod-b', 'n2'))).toEqual(taken);
    expect(door.claim(ID, 'pod-a', 'n1')).toMatchObject({ order: 'the order' });
    expect(readRecord(paths.record)?.place).toEqual({ jobId: 'pod-a', node: 'n1' });
  });

  it('is given to nobody any more once the driver has begun', () => {
    door.claim(ID, 'pod-a', 'n1');
    door.started(ID, 'pod-a', START);
    expect(thrownBy(() => door.claim(ID, 'pod-a', 'n1'))).toEqual(taken);
  });

  it('is not to be had where the server has taken it', () => {
    expect(takeClaim(paths.record)).toBe(true);
    expect(thrownBy(() => door.claim(ID, 'pod-a', 'n1'))).toEqual(taken);
  });

  it.each(['', 'a b', 'a\nend 0 .'])(
    'is refused to a pod that calls itself %j: it would write lines of its own',
    (uid) => {
      expect(thrownBy(() => door.claim(ID, uid, 'n1'))).toEqual(taken);
      expect(readRecord(paths.record)).toBeNull();
    },
  );
});

describe('the output', () => {
  it('is taken once, however often and in whatever pieces it comes', () => {
    door.claim(ID, 'pod-a', 'n1');
    expect(door.appendOutput(ID, 'pod-a', 0, Buffer.from('abc'))).toBe(3);
    expect(door.appendOutput(ID, 'pod-a', 0, Buffer.from('abc'))).toBe(3);
    expect(door.appendOutput(ID, 'pod-a', 1, Buffer.from('bcdef'))).toBe(6);
    expect(readFileSync(paths.log, 'utf8')).toBe('abcdef');
  });

  it('is not taken with a gap, and how much is there is said', () => {
    door.claim(ID, 'pod-a', 'n1');
    door.appendOutput(ID, 'pod-a', 0, Buffer.from('abc'));
    const error = thrownBy(() => door.appendOutput(ID, 'pod-a', 4, Buffer.from('e')));
    expect(error).toMatchObject({ code: 'OUTPUT_GAP', details: { sizeBytes: 3 } });
  });

  it('is taken from the pod that has the attempt alone', () => {
    door.claim(ID, 'pod-a', 'n1');
    expect(thrownBy(() => door.appendOutput(ID, 'pod-b', 0, Buffer.from('x')))).toEqual(taken);
    expect(thrownBy(() => door.started(ID, 'pod-b', START))).toEqual(taken);
    expect(thrownBy(() => door.ended(ID, 'pod-b', END))).toEqual(taken);
  });
});

describe('the end', () => {
  beforeEach(() => {
    door.claim(ID, 'pod-a', 'n1');
    door.started(ID, 'pod-a', START);
  });

  it('is taken once all output is there', () => {
    const error = thrownBy(() => door.ended(ID, 'pod-a', { ...END, outputBytes: 4 }));
    expect(error).toMatchObject({ code: 'OUTPUT_GAP', details: { sizeBytes: 0 } });
    expect(readRecord(paths.record)?.exitCode).toBeNull();
    door.appendOutput(ID, 'pod-a', 0, Buffer.from('four'));
    door.ended(ID, 'pod-a', { ...END, outputBytes: 4 });
    expect(readRecord(paths.record)).toMatchObject({ exitCode: 3, driver: { pid: 9, startTicks: 100 } });
  });

  it('stays the first that was told', () => {
    door.ended(ID, 'pod-a', { ...END, outOfMemory: true });
    door.ended(ID, 'pod-a', { ...END, exitCode: 0 });
    expect(readRecord(paths.record)).toMatchObject({ exitCode: 3, outOfMemory: true });
  });

  it('has its moment by the clock of the server, and that of the start too', () => {
    door.ended(ID, 'pod-a', END);
    const lines = readFileSync(paths.record, 'utf8');
    expect(lines).toContain('driver 9 100 999960 .\n');
    expect(lines).toContain('end 3 999980 .\n');
  });

  it('closes a line that a full disk cut short', () => {
    writeFileSync(paths.record, 'place pod-a n1 .\ndriver 9 100 999960 .\nend 1', { flag: 'w' });
    door.ended(ID, 'pod-a', { ...END, exitCode: 13 });
    expect(readRecord(paths.record)?.exitCode).toBe(13);
  });

  it('without a code leaves the code to the cluster', () => {
    door.ended(ID, 'pod-a', { ...END, exitCode: null });
    expect(readRecord(paths.record)?.exitCode).toBeNull();
    expect(told.at(-1)).toBe('delivered');
  });
});

describe('commands', () => {
  const listen = () => new AbortController();

  it('reach a pod that waits, and one that comes later, and none twice', async () => {
    const board = createCommandBoard();
    const first = board.next(ID, null, listen().signal);
    expect(board.isListening(ID)).toBe(true);
    board.stop(ID, 'SIGTERM', performance.now() + 5000);
    const command = await first;
    expect(command).toMatchObject({ kind: 'stop', signal: 'SIGTERM' });
    expect(await board.next(ID, null, listen().signal)).toMatchObject({ id: command?.id });
    const again = board.next(ID, command?.id ?? null, listen().signal);
    board.finish(ID);
    expect(await again).toMatchObject({ kind: 'finish' });
  });

  it('give no answer to who has gone, or where the engine is closed', async () => {
    const board = createCommandBoard();
    const gone = listen();
    const first = board.next(ID, null, gone.signal);
    gone.abort();
    expect(await first).toBeNull();
    const second = board.next(ID, null, listen().signal);
    board.close();
    expect(await second).toBeNull();
    expect(board.isListening(ID)).toBe(false);
  });
});

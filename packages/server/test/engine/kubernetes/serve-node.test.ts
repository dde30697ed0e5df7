import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AttemptPaths, attemptPaths } from '../../../src/engine/attempt-directory.ts';
import { keepPodWork } from '../../../src/engine/kubernetes/attempt-file.ts';
import { type CommandBoard, createCommandBoard } from '../../../src/engine/kubernetes/door/command-board.ts';
import { createPodDoor } from '../../../src/engine/kubernetes/door/create-pod-door.ts';
import { readRecord } from '../../../src/engine/record/read-record.ts';
import { startLastingServer } from '../../http/harness.ts';
import { until } from '../until.ts';
import { type PodOnDisk, putPod } from './pod-on-disk.ts';

const COURIER = join(import.meta.dirname, '../../../src/engine/kubernetes/courier/node-main.ts');
const STAGING = 'own/volumes/kubernetes.io~empty-dir/staging';

let place: string;
let pods: string;
let attemptsDir: string;
let commands: CommandBoard;
let http: Awaited<ReturnType<typeof startLastingServer>>;
let delivered: string[];
let warnings: string;
let courier: ChildProcess;

beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), 'drover-node-'));
  pods = join(place, 'pods');
  attemptsDir = join(place, 'attempts');
  for (const folder of [STAGING, '../attempts']) mkdirSync(join(pods, folder), { recursive: true });
  commands = createCommandBoard();
  delivered = [];
  warnings = '';
  const podDoor = createPodDoor({
    ...{ engine: 'pods', hostName: '127.0.0.1', mostPods: 10, attemptsDir, commands, nowMs: Date.now },
    onWord: () => undefined,
    onRecordWritten: () => undefined,
    onDelivered: (attemptId) => delivered.push(attemptId),
  });
  http = await startLastingServer({ podDoors: [podDoor], readToken: () => 'of-the-users' });
  courier = startCourier();
});
afterEach(async () => {
  await killCourier();
  commands.close();
  await http.closeAll();
  rmSync(place, { recursive: true, force: true });
});

const serverUrl = () => `http://127.0.0.1:${http.port}`;

/** The program itself, as it can be killed. */
function startCourier(): ChildProcess {
  const child = spawn(process.execPath, [COURIER], {
    env: { DROVER_PODS: pods, DROVER_POD_UID: 'own', DROVER_SERVER: `${serverUrl()}/`, DROVER_NODE: 'n1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr?.on('data', (piece) => {
    warnings += piece;
  });
  return child;
}

async function killCourier(): Promise<void> {
  courier.kill('SIGKILL');
  await once(courier, 'exit');
}

/** An attempt that the server has handed over. */
function handOver(attemptId: string, hasWorkingDirectory = false): AttemptPaths {
  const paths = attemptPaths(attemptsDir, attemptId);
  mkdirSync(paths.directory);
  const metadata = { name: attemptId, namespace: 'default', labels: {}, annotations: {} };
  keepPodWork(paths.directory, {
    ...{ engine: 'pods', token: `token-of-${attemptId}`, order: 'the order', hasWorkingDirectory, graceMs: 5000 },
    manifest: { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: {} },
  });
  return paths;
}

function podOf(attemptId: string, uid: string, server = serverUrl()): PodOnDisk {
  return putPod(pods, uid, `${attemptId} token-of-${attemptId} ${server} .\n`);
}

const wordsOf = (pod: PodOnDisk, count: number) =>
  until(`${count} words`, () => (pod.words().length >= count ? pod.words() : null));
const logOf = (paths: AttemptPaths, text: string) =>
  until(`'${text}' in the log`, () => {
    try {
      return readFileSync(paths.log, 'utf8') === text;
    } catch {
      return false; // Not there yet.
    }
  });
const endOf = (paths: AttemptPaths) => until('the end', () => readRecord(paths.record)?.exitCode ?? null);

it('claims for the pod that the kubelet names, and brings its driver to its end', async () => {
  const paths = handOver('att-1', true);
  mkdirSync(paths.workingDirectory);
  writeFileSync(join(paths.workingDirectory, 'run.sh'), 'true');
  const pod = podOf('att-1', 'uid-1');
  expect(await wordsOf(pod, 1)).toEqual(['go 5000']);
  expect(readRecord(paths.record)?.place).toEqual({ jobId: 'uid-1', node: 'n1' });
  expect(readFileSync(join(pod.volume, 'order'), 'utf8')).toBe('the order');
  expect(readFileSync(join(pod.volume, 'work', 'run.sh'), 'utf8')).toBe('true');
  pod.begin();
  pod.print('printed\n');
  await logOf(paths, 'printed\n');
  pod.end(3);
  expect(await endOf(paths)).toBe(3);
  expect(await wordsOf(pod, 2)).toEqual(['go 5000', 'bye']);
  pod.remove();
});

it('tells a second pod of the attempt that it is to end', async () => {
  handOver('att-1');
  const first = podOf('att-1', 'uid-1');
  await wordsOf(first, 1);
  const second = podOf('att-1', 'uid-2');
  expect(await wordsOf(second, 1)).toEqual(['no']);
});

it('goes on where another courier died: with a driver that runs, and without starting it again', async () => {
  const paths = handOver('att-1');
  const pod = podOf('att-1', 'uid-1');
  await wordsOf(pod, 1);
  pod.begin();
  pod.print('before ');
  await logOf(paths, 'before ');
  await killCourier();
  pod.print('meanwhile ');
  courier = startCourier();
  await logOf(paths, 'before meanwhile ');
  pod.print('after');
  pod.end(0);
  expect(await endOf(paths)).toBe(0);
  expect(readFileSync(paths.log, 'utf8')).toBe('before meanwhile after');
  expect(await wordsOf(pod, 2)).toEqual(['go 5000', 'bye']);
});

it('brings a wish to stop', async () => {
  const paths = handOver('att-1');
  const pod = podOf('att-1', 'uid-1');
  await wordsOf(pod, 1);
  pod.begin();
  commands.stop('att-1', 'SIGINT', performance.now() + 60_000);
  expect(await wordsOf(pod, 2)).toEqual(['go 5000', 'INT']);
  pod.end(130);
  expect(await endOf(paths)).toBe(130);
});

it('has a driver end whose pod Kubernetes ends', async () => {
  const paths = handOver('att-1');
  const pod = podOf('att-1', 'uid-1');
  await wordsOf(pod, 1);
  pod.begin();
  writeFileSync(join(pod.volume, 'ending'), '');
  expect(await wordsOf(pod, 2)).toEqual(['go 5000', 'TERM']);
  pod.end(143);
  expect(await endOf(paths)).toBe(143);
});

it('lets no driver begin in a pod that Kubernetes ends already', async () => {
  const paths = handOver('att-1');
  const pod = putPod(pods, 'uid-1', '');
  writeFileSync(join(pod.volume, 'ending'), '');
  writeFileSync(join(pod.volume, 'ticket'), `att-1 token-of-att-1 ${serverUrl()} .\n`);
  const next = podOf('att-1', 'uid-2');
  expect(await wordsOf(next, 1)).toEqual(['go 5000']);
  expect(pod.words()).not.toContain('go 5000');
  expect(readRecord(paths.record)?.place?.jobId).toBe('uid-2');
});

it('brings what was written by a driver whose pod is gone, and says that nobody saw its end', async () => {
  const paths = handOver('att-1');
  const pod = podOf('att-1', 'uid-1');
  await wordsOf(pod, 1);
  pod.begin();
  pod.print('first ');
  await logOf(paths, 'first ');
  await until('the start', () => readRecord(paths.record)?.driver ?? null);
  pod.print('last');
  pod.remove();
  await until('the word of the courier', () => delivered.includes('att-1'));
  expect(readFileSync(paths.log, 'utf8')).toBe('first last');
});

it('leaves alone the pods of another installation', async () => {
  const foreign = handOver('att-1');
  podOf('att-1', 'uid-1', 'http://elsewhere.example');
  handOver('att-2');
  expect(await wordsOf(podOf('att-2', 'uid-2'), 1)).toEqual(['go 5000']);
  expect(readRecord(foreign.record)).toBeNull();
});

it('brings nothing of what a hostile pod links to, says so, and serves the others', async () => {
  const secret = join(place, 'secret');
  writeFileSync(secret, 'of the node');
  const paths = handOver('att-1');
  const hostile = podOf('att-1', 'uid-1');
  await wordsOf(hostile, 1);
  symlinkSync(secret, join(hostile.volume, 'output', 'log'));
  hostile.begin();
  hostile.end(0);
  await until('a warning', () => /uid-1.*ELOOP/.test(warnings));
  handOver('att-2');
  expect(await wordsOf(podOf('att-2', 'uid-2'), 1)).toEqual(['go 5000']);
  expect(readRecord(paths.record)?.exitCode).toBeNull();
  expect(() => readFileSync(paths.log)).toThrow('ENOENT');
});

it.each([
  ['a link', (record: string) => symlinkSync('/proc/self/environ', record)],
  ['a folder', (record: string) => mkdirSync(record)],
  ['more than a record can be', (record: string) => writeFileSync(record, 'x'.repeat(100_000))],
  ['an end that there is not', (record: string) => writeFileSync(record, 'driver 0 0 .\nend 999 .\n')],
])('goes on serving others where a pod has %s for a record', async (_, put) => {
  handOver('att-1');
  const hostile = podOf('att-1', 'uid-1');
  await wordsOf(hostile, 1);
  put(join(hostile.volume, 'record'));
  const paths = handOver('att-2');
  const pod = podOf('att-2', 'uid-2');
  await wordsOf(pod, 1);
  pod.begin();
  hostile.remove();
  pod.end(0);
  expect(await endOf(paths)).toBe(0);
  expect(courier.exitCode).toBeNull();
});

it('serves others while a pod makes news without end', async () => {
  handOver('att-1');
  const hostile = podOf('att-1', 'uid-1');
  await wordsOf(hostile, 1);
  const noise = Array.from({ length: 2 }, () =>
    spawn('/bin/sh', ['-c', 'while :; do : >"$0"; done', join(hostile.volume, 'noise')], { stdio: 'ignore' }),
  );
  try {
    const paths = handOver('att-2');
    const pod = podOf('att-2', 'uid-2');
    expect(await wordsOf(pod, 1)).toEqual(['go 5000']);
    pod.begin();
    pod.print('printed');
    pod.end(0);
    expect(await endOf(paths)).toBe(0);
    expect(readFileSync(paths.log, 'utf8')).toBe('printed');
  } finally {
    for (const child of noise) child.kill('SIGKILL');
  }
});

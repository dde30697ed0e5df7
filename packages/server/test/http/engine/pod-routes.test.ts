import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Parser } from 'tar';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AttemptPaths, attemptPaths } from '../../../src/engine/attempt-directory.ts';
import { keepPodWork } from '../../../src/engine/kubernetes/attempt-file.ts';
import { type CommandBoard, createCommandBoard } from '../../../src/engine/kubernetes/door/command-board.ts';
import { createPodDoor } from '../../../src/engine/kubernetes/door/create-pod-door.ts';
import { openSocket, rawRequest, sendRaw, startServer, type TestServer } from '../harness.ts';

const ID = 'att-1';
const USERS_TOKEN = 'of-the-users';

let folder: string;
let paths: AttemptPaths;
let server: TestServer;
let commands: CommandBoard;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drover-pods-'));
  paths = attemptPaths(folder, ID);
  mkdirSync(join(paths.workingDirectory, 'data'), { recursive: true });
  writeFileSync(join(paths.workingDirectory, 'data', 'in.txt'), 'content');
  const metadata = { name: ID, namespace: 'default', labels: {}, annotations: {} };
  keepPodWork(paths.directory, {
    ...{ engine: 'kubernetes', token: 'the-token', order: 'the order', hasWorkingDirectory: true, graceMs: 5000 },
    manifest: { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: {} },
  });
  commands = createCommandBoard();
  const door = createPodDoor({
    ...{
      engine: 'kubernetes',
      hostName: 'drover.example',
      mostPods: 1,
      attemptsDir: folder,
      commands,
      nowMs: Date.now,
    },
    ...{ onWord: () => undefined, onRecordWritten: () => undefined, onDelivered: () => undefined },
  });
  server = await startServer({ podDoors: [door], limits: { maxConnections: 1 }, readToken: () => USERS_TOKEN });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Asked {
  method?: string;
  token?: string;
  pod?: string;
  body?: object | string;
}

function ask(
  path: string,
  { method = 'POST', token = 'the-token', pod = 'pod-a', body }: Asked = {},
): Promise<Response> {
  const type = typeof body === 'string' ? 'application/octet-stream' : 'application/json';
  const content = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const headers = {
    authorization: `Bearer ${token}`,
    'drover-pod': pod,
    ...(body === undefined ? {} : { 'content-type': type }),
  };
  return fetch(`${server.url}/engine/v1/attempts/${ID}/${path}`, { method, headers, ...content });
}

const claim = (asked: Asked = {}) => ask('claim', { body: { node: 'n1' }, ...asked });

it('takes the token of the attempt, and neither that of users nor none', async () => {
  expect((await claim({ token: USERS_TOKEN })).status).toBe(401);
  expect((await claim({ token: 'wrong' })).status).toBe(401);
  const bare = await fetch(`${server.url}/engine/v1/attempts/${ID}/claim`, { method: 'POST' });
  expect(bare.status).toBe(401);
  expect(await (await claim()).json()).toMatchObject({
    order: 'the order',
    has_working_directory: true,
    grace_ms: 5000,
  });
});

it('tells nothing about which attempts there are', async () => {
  const answers = await Promise.all(
    [ID, 'att-2', '..%2Fatt-1'].map(async (id) => {
      const headers = { authorization: 'Bearer wrong', 'drover-pod': 'pod-a', 'content-type': 'application/json' };
      const url = `${server.url}/engine/v1/attempts/${id}/claim`;
      const answer = await fetch(url, { method: 'POST', headers, body: '{"node":"n1"}' });
      const { detail } = await answer.json();
      return [answer.status, detail];
    }),
  );
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]?.[0]).toBe(401);
});

it('does not open the doors of users to a pod', async () => {
  const headers = { authorization: 'Bearer the-token' };
  expect((await fetch(`${server.url}/api/v1/jobs`, { headers })).status).toBe(401);
});

it('is reached under the name that pods use', async () => {
  const lines = ['Host: drover.example', 'Authorization: Bearer wrong'];
  const { status } = await sendRaw(server.port, rawRequest(`POST /engine/v1/attempts/${ID}/claim`, lines));
  expect(status).toBe(401);
  const stranger = rawRequest(`POST /engine/v1/attempts/${ID}/claim`, ['Host: elsewhere.example']);
  expect((await sendRaw(server.port, stranger)).status).toBe(403);
});

it('leaves clients their connections, whatever pods hold', async () => {
  for (let held = 0; held < 3; held += 1) await openSocket(server.port);
  const { status } = await sendRaw(server.port, rawRequest('GET /healthz'));
  expect(status).toBe(200);
});

it('refuses the second pod', async () => {
  expect((await claim()).status).toBe(200);
  const second = await claim({ pod: 'pod-b' });
  expect(second.status).toBe(409);
  expect(await second.json()).toMatchObject({ code: 'ATTEMPT_TAKEN' });
});

it('gives the working directory to the pod that has the attempt', async () => {
  expect((await ask('working-directory', { method: 'GET' })).status).toBe(409);
  await claim();
  const answer = await ask('working-directory', { method: 'GET' });
  const found: string[] = [];
  const parser = new Parser({
    onReadEntry: (entry) => {
      found.push(entry.path);
      entry.resume();
    },
  });
  parser.end(Buffer.from(await answer.arrayBuffer()));
  expect(found.sort()).toEqual(['./', './data/', './data/in.txt']);
});

it('takes output by its offset, says how much there is, and refuses a gap', async () => {
  await claim();
  const first = await ask('output?offset=0', { body: 'abc' });
  expect([first.status, first.headers.get('drover-output-size')]).toEqual([204, '3']);
  const gap = await ask('output?offset=5', { body: 'x' });
  expect([gap.status, gap.headers.get('drover-output-size')]).toEqual([409, '3']);
  expect(readFileSync(paths.log, 'utf8')).toBe('abc');
  expect((await ask('output?offset=-1', { body: 'x' })).status).toBe(400);
  expect((await ask('output?offset=3', { body: 'x'.repeat(1024 * 1024 + 1) })).status).toBe(413);
});

it('answers a pod that waits for a command when there is one', async () => {
  await claim();
  const waiting = ask('command?after=', { method: 'GET' });
  await expect.poll(() => commands.isListening(ID)).toBe(true);
  commands.stop(ID, 'SIGINT', performance.now() + 60_000);
  const command = await (await waiting).json();
  expect(command).toMatchObject({ kind: 'stop', signal: 'SIGINT' });
  expect(command.grace_ms).toBeGreaterThan(30_000);
  expect(command.grace_ms).toBeLessThanOrEqual(60_000);
});

it('forgets a pod that waited for a command and has gone', async () => {
  await claim();
  const gone = new AbortController();
  const headers = { authorization: 'Bearer the-token', 'drover-pod': 'pod-a' };
  const waiting = fetch(`${server.url}/engine/v1/attempts/${ID}/command?after=`, { headers, signal: gone.signal });
  await expect.poll(() => commands.isListening(ID)).toBe(true);
  gone.abort();
  await expect(waiting).rejects.toThrow();
  await expect.poll(() => commands.isListening(ID)).toBe(false);
});

it('takes the start and the end, once the output is whole', async () => {
  await claim();
  expect((await ask('started', { body: { pid: 9, start_ticks: 100, ago_ms: 5 } })).status).toBe(204);
  const end = { exit_code: 3, refusal: null, out_of_memory: false, output_bytes: 3, ago_ms: 5 };
  expect((await ask('ended', { body: end })).headers.get('drover-output-size')).toBe('0');
  await ask('output?offset=0', { body: 'abc' });
  expect((await ask('ended', { body: end })).status).toBe(204);
  expect(readFileSync(paths.record, 'utf8')).toMatch(/^end 3 \d+ \.$/m);
  expect((await ask('ended', { body: { ...end, exit_code: 256 } })).status).toBe(400);
});

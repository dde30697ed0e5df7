import { expect, test } from 'vitest';
import { sampleJob } from '../../store/sample-jobs.ts';
import { openSocket, startServer, submitted, type TestServer, until } from '../harness.ts';
import { openEvents, type ReadEvent } from './event-stream-reader.ts';
import { openRealService } from './real-service.ts';

async function withJob(text = ''): Promise<TestServer & { logs: string }> {
  const server = await startServer();
  await submitted(server.service, { id: 'a' });
  server.service.start('a');
  if (text !== '') server.service.output('a').append(text);
  return { ...server, logs: `${server.url}/api/v1/jobs/a/logs` };
}

const FAILED = { status: 'FAILED', code: 'ENTRYPOINT_FAILED', message: 'exit code 3', exitCode: 3 } as const;

const END: ReadEvent = {
  ...{ id: 'end', event: 'end' },
  data: {
    ...{ reason: 'ended', status: 'FAILED' },
    end: { code: 'ENTRYPOINT_FAILED', message: 'exit code 3', exit_code: 3 },
  },
};

function output(offset: number, text: string): ReadEvent {
  return { id: String(offset + text.length), event: 'output', data: { offset, text } };
}

test('a followed log comes as it is written, and says last how the job ended', async () => {
  const { logs, service } = await withJob('one\n');
  const reader = await openEvents(`${logs}?follow=true`);
  expect(reader.status).toBe(200);
  expect(Object.fromEntries(reader.headers)).toMatchObject({
    ...{ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', vary: 'Accept' },
    'x-accel-buffering': 'no',
  });
  expect(await reader.take(1)).toEqual([output(0, 'one\n')]);
  service.output('a').append('two\n');
  expect(await reader.take(1)).toEqual([output(4, 'two\n')]);
  service.output('a').append('last');
  service.end('a', FAILED);
  expect(await reader.rest()).toEqual([output(8, 'last'), END]);
});

test('it resumes behind the last id to the byte, and is over behind the end', async () => {
  const { logs, service } = await withJob('one\ntwo\n');
  service.end('a', FAILED);
  const resumed = (id: string, query = '') => openEvents(`${logs}?follow=true${query}`, { 'last-event-id': id });
  for (const at of [1, 4, 8]) {
    const rest = 'one\ntwo\n'.slice(at);
    expect(await (await resumed(String(at), '&tail=2')).rest()).toEqual([...(rest ? [output(at, rest)] : []), END]);
  }
  const over = await resumed('end');
  expect([over.status, over.headers.get('vary')]).toEqual([204, 'Accept']);
});

test('who lost the connection before the first event resumes where the stream began', async () => {
  const { logs, service } = await withJob('one\ntwo\n');
  const controller = new AbortController();
  const headers = { accept: 'text/event-stream' };
  const response = await fetch(`${logs}?follow=true&tail=0`, { headers, signal: controller.signal });
  const first = await response.body?.getReader().read();
  expect(new TextDecoder().decode(first?.value)).toBe('retry: 2000\nid: 8\n\n');
  controller.abort();
  service.output('a').append('three\n');
  service.end('a', FAILED);
  const again = await openEvents(`${logs}?follow=true&tail=0`, { 'last-event-id': '8' });
  expect(await again.rest()).toEqual([output(8, 'three\n'), END]);
});

test('another job of the id begins with its first byte', async () => {
  const { logs, service } = await withJob('new');
  const reader = await openEvents(`${logs}?follow=true`, { 'last-event-id': 'end' });
  service.end('a', FAILED);
  expect(await reader.rest()).toEqual([output(0, 'new'), END]);
});

test.each([
  ['tail=1', 4, 'two\n'],
  ['tail=0', 8, ''],
  ['offset=2', 2, 'e\ntwo\n'],
  ['offset=99', 99, ''],
  ['', 0, 'one\ntwo\n'],
])('%j chooses a part, followed or not', async (query, offset, text) => {
  const { logs, service } = await withJob('one\ntwo\n');
  const part = text === '' ? [] : [output(offset, text)];
  const caughtUp = { id: null, event: 'end', data: { reason: 'caught_up', status: 'RUNNING', end: null } };
  expect(await (await openEvents(`${logs}?${query}`)).rest()).toEqual([...part, caughtUp]);
  service.end('a', FAILED);
  expect(await (await openEvents(`${logs}?${query}`)).rest()).toEqual([...part, END]);
  expect(await (await openEvents(`${logs}?follow=true&${query}`)).rest()).toEqual([...part, END]);
});

test('what a cap has taken away is told as a gap', async () => {
  const { logs, service } = await withJob('one\ntwo\nthree\n');
  service.output('a').dropBefore(4);
  service.end('a', FAILED);
  const gap = (from: number, to: number) => ({ id: String(to), event: 'gap', data: { from, to } });
  expect(await (await openEvents(logs)).rest()).toEqual([gap(0, 4), output(4, 'two\nthree\n'), END]);
  const resumed = await openEvents(logs, { 'last-event-id': '2' });
  expect(await resumed.rest()).toEqual([gap(2, 4), output(4, 'two\nthree\n'), END]);
  expect(await (await openEvents(`${logs}?tail=9`)).take(1)).toEqual([output(4, 'two\nthree\n')]);
});

test('a job that is deleted says so', async () => {
  const { logs, service } = await withJob('one\n');
  const reader = await openEvents(`${logs}?follow=true`);
  await reader.take(1);
  service.end('a');
  await service.delete('a');
  expect(await reader.rest()).toEqual([
    { id: 'end', event: 'end', data: { reason: 'deleted', status: null, end: null } },
  ]);
});

test('a server that shuts down says so, and the id before stays in force', async () => {
  const { logs, close } = await withJob('one\n');
  const reader = await openEvents(`${logs}?follow=true`);
  await reader.take(1);
  const rest = reader.rest();
  await close();
  expect(await rest).toEqual([{ id: null, event: 'end', data: { reason: 'shutdown', status: null, end: null } }]);
});

test('silence is broken by comments', async () => {
  const { service, store } = await openRealService();
  const { url } = await startServer({ service, limits: { heartbeatMs: 20 } });
  await store.insert(sampleJob('a'));
  const reader = await openEvents(`${url}/api/v1/jobs/a/logs?follow=true`);
  expect([await reader.next(), await reader.next()]).toEqual([':', ':']);
});

test('a client that goes away ends the reading', async () => {
  const { logs, service } = await withJob('one\n');
  const reader = await openEvents(`${logs}?follow=true`);
  await reader.take(1);
  reader.leave();
  await until(() => service.output('a').followers === 0);
});

test('a client that does not read is not read ahead for', async () => {
  const { logs, port, service } = await withJob('x'.repeat(40_000_000));
  const log = service.output('a');
  const socket = await openSocket(port);
  socket.pause();
  const headers = 'Host: localhost\r\nAccept: text/event-stream\r\n';
  socket.write(`GET /api/v1/jobs/a/logs?follow=1 HTTP/1.1\r\n${headers}\r\n`);
  await until(() => log.deliveredBytes > 0);
  // A plain read takes a longer way, and is through meanwhile.
  await (await fetch(logs)).text();
  expect(log.deliveredBytes).toBeLessThan(40_000_000);
  socket.destroy();
  await until(() => log.followers === 0);
});

test('a HEAD does not wait', async () => {
  const { logs, service } = await withJob();
  const headers = { accept: 'text/event-stream' };
  const response = await fetch(`${logs}?follow=true`, { method: 'HEAD', headers });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  expect(service.output('a').followers).toBe(0);
});

test.each([
  ['a/logs?tail=1&offset=1', {}, 400, 'INVALID_QUERY'],
  ['a/logs?after=1', {}, 400, 'INVALID_QUERY'],
  ['a/logs', { 'last-event-id': '-1' }, 400, 'INVALID_HEADER'],
  ['x/logs', {}, 404, 'JOB_NOT_FOUND'],
])('%s with %j is refused', async (path, headers, status, code) => {
  const { url } = await withJob();
  const response = await fetch(`${url}/api/v1/jobs/${path}`, { headers: { accept: 'text/event-stream', ...headers } });
  expect([response.status, (await response.json()).code]).toEqual([status, code]);
});

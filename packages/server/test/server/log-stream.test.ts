import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openEvents, type ReadEvent } from '../http/native/event-stream-reader.ts';
import { submit } from './job-api.ts';
import { useServer } from './use-server.ts';

const server = useServer();

function bytesOf({ event, data }: ReadEvent): Buffer {
  if (event !== 'output') return Buffer.alloc(0);
  return data.base64 === undefined ? Buffer.from(String(data.text)) : Buffer.from(String(data.base64), 'base64');
}

it('a stream of output goes on behind the last id when the server is back, and says last how the driver ended', async () => {
  await server.start();
  // Stops within a character, which is whole only after the restart.
  const entrypoint = `printf 'caf\\303'; until [ -e ${server.directory}/go ]; do sleep 0.05; done; printf '\\251\\n\\377'; seq 20000; exit 3`;
  const id = await submit(server.url, { submission_id: 'app-stream', entrypoint });
  const path = `/api/v1/jobs/${id}/logs?follow=true`;

  const before = await openEvents(`${server.url}${path}`);
  const [begun] = await before.take(1);
  expect(begun).toEqual({ id: '3', event: 'output', data: { offset: 0, text: 'caf' } });
  const rest = before.rest();
  await server.stop();
  expect(await rest).toEqual([{ id: null, event: 'end', data: { reason: 'shutdown', status: null, end: null } }]);

  await writeFile(join(server.directory, 'go'), '');
  await server.start();
  const after = await (await openEvents(`${server.url}${path}`, { 'last-event-id': '3' })).rest();
  const end = after.pop();
  expect(end).toMatchObject({
    ...{ id: 'end', event: 'end' },
    data: { reason: 'ended', status: 'FAILED', end: { code: 'ENTRYPOINT_FAILED', exit_code: 3 } },
  });
  const whole = Buffer.from(await (await fetch(`${server.url}/api/v1/jobs/${id}/logs`)).arrayBuffer());
  expect(Buffer.concat([Buffer.from('caf'), ...after.map(bytesOf)]).equals(whole)).toBe(true);
  expect((await openEvents(`${server.url}${path}`, { 'last-event-id': 'end' })).status).toBe(204);
});

it('the output of a job that is tried again goes on with the next attempt, and resumes within an earlier one', async () => {
  await server.start();
  const until = `until [ -e ${server.directory}/go ]; do sleep 0.05; done`;
  const entrypoint = `${until}; echo "try $DROVER_ATTEMPT_NUMBER"; test "$DROVER_ATTEMPT_NUMBER" = 3`;
  const response = await fetch(`${server.url}/api/v1/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'again', entrypoint, max_retries: 2, retry_policy: { initial_delay_seconds: 0 } }),
  });
  expect(response.status).toBe(201);

  const logs = `${server.url}/api/v1/jobs/again/logs?follow=true`;
  const plain = await fetch(logs);
  const stream = await openEvents(logs);
  await writeFile(join(server.directory, 'go'), '');
  const events = await stream.rest();
  expect(events.map(({ id, event, data }) => `${id} ${event} ${data.text ?? data.number ?? data.status}`)).toEqual([
    ...['6 output try 1\n', '2.0 attempt 2', '2.6 output try 2\n', '3.0 attempt 3', '3.6 output try 3\n'],
    'end end SUCCEEDED',
  ]);
  expect(await plain.text()).toBe('try 1\ntry 2\ntry 3\n');
  expect(await (await openEvents(logs, { 'last-event-id': '2.4' })).rest()).toEqual([
    { id: '2.6', event: 'output', data: { offset: 4, text: '2\n' } },
    ...events.slice(3),
  ]);
});

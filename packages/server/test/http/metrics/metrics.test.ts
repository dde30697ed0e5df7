import { expect, test } from 'vitest';
import { parseExposition, valuesOf } from '../../metrics/parse-exposition.ts';
import { postJson, rawRequest, sendRaw, startServer, submitted } from '../harness.ts';

async function scrape(url: string) {
  return parseExposition(await (await fetch(`${url}/metrics`)).text());
}

/** How many answers were counted, by route, method and class of status. */
async function counted(url: string): Promise<Record<string, number>> {
  const metrics = await scrape(url);
  const values = valuesOf(metrics, 'drover_http_request_duration_seconds');
  return Object.fromEntries(
    Object.entries(values)
      .filter(([key]) => key.endsWith(',count'))
      .map(([key, value]) => [key.replace(/^route=(.*),method=(.*),status=(.*),count$/, '$2 $1 $3'), value]),
  );
}

test('every answer is counted by the pattern of its route, whoever gives it', async () => {
  const { url, port, service } = await startServer({ allowedHosts: [] });
  await submitted(service, { id: 'app-x' });
  for (const path of [
    '/api/jobs/app-x',
    '/api/jobs/app%2Dx',
    '/api/jobs/nope',
    '/api/v1/jobs/app-x',
    '/ray/api/jobs/app-x',
  ]) {
    await (await fetch(url + path)).text();
  }
  await fetch(`${url}/api/jobs/app-x`, { method: 'HEAD' });
  await postJson(`${url}/api/v1/jobs`, { entrypoint: '' });
  await fetch(`${url}/api/v1/queues/default`, { method: 'POST' });
  for (const path of ['/', '/a/b', '/api/v1/jobs/app-x/nope']) await (await fetch(url + path)).text();
  await sendRaw(port, rawRequest('GET /api/v1/version', ['Host: evil.example']));
  await sendRaw(port, rawRequest('PROPFIND /api/v1/version'));
  expect(await counted(url)).toEqual({
    'GET /api/jobs/{id} 2xx': 1,
    'GET /api/v1/jobs/{id} 2xx': 1,
    'GET /ray/api/jobs/{id} 2xx': 1,
    'POST /api/v1/jobs 4xx': 1,
    'POST /api/v1/queues/{id} 4xx': 1,
    'GET none 4xx': 3,
    'GET refused 4xx': 1,
    'other /api/v1/version 4xx': 1,
  });
  expect(await counted(url)).toMatchObject({ 'GET /metrics 2xx': 1 });
  // What is asked for most is only counted; an id that has to be decoded comes another way.
  expect(valuesOf(await scrape(url), 'drover_http_job_details_total')).toEqual({ 'status=2xx': 2, 'status=4xx': 1 });
});

test('what follows a log or waits for a job is not counted, since its time is not that of an answer', async () => {
  const { url, service } = await startServer();
  await submitted(service, { id: 'app-x' });
  service.start('app-x');
  const follows = ['logs?follow=true', 'wait?timeout=20', 'events'].map((path) =>
    fetch(`${url}/api/v1/jobs/app-x/${path}`, { headers: { accept: 'text/event-stream' } }).then((answer) =>
      answer.text(),
    ),
  );
  // The log is followed when its headers are there, and the end of the job ends all three.
  await (await fetch(`${url}/api/v1/jobs/app-x/logs`)).text();
  service.end('app-x');
  await Promise.all(follows);
  await (await fetch(`${url}/api/v1/jobs/app-x/events`)).text();
  expect(await counted(url)).toEqual({
    'GET /api/v1/jobs/{id}/logs 2xx': 1,
    'GET /api/v1/jobs/{id}/events 2xx': 1,
  });
});

test('/metrics is behind the same gate as everything else', async () => {
  const { url, port } = await startServer({ readToken: () => 'secret' });
  expect((await fetch(`${url}/metrics`)).status).toBe(401);
  const withToken = await fetch(`${url}/metrics`, { headers: { authorization: 'Bearer secret' } });
  expect(withToken.status).toBe(200);
  expect(withToken.headers.get('cache-control')).toBe('no-store');
  const stranger = rawRequest('GET /metrics', ['Host: evil.example', 'Authorization: Bearer secret']);
  expect((await sendRaw(port, stranger)).status).toBe(403);
  const page = rawRequest('GET /metrics', [
    'Host: localhost',
    'Origin: http://evil.example',
    'Authorization: Bearer secret',
  ]);
  expect((await sendRaw(port, page)).status).toBe(403);
  expect((await fetch(`${url}/metrics`, { method: 'POST', headers: { authorization: 'Bearer secret' } })).status).toBe(
    405,
  );
});

test('/metrics answers in the format that is asked for, HEAD without a body', async () => {
  const { url } = await startServer();
  const asked = await fetch(`${url}/metrics?name[]=ignored`, { headers: { accept: 'application/openmetrics-text' } });
  expect(asked.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
  expect(asked.headers.get('vary')).toBe('Accept');
  expect(await asked.text()).toMatch(/# EOF\n$/);
  const head = await fetch(`${url}/metrics`, { method: 'HEAD' });
  expect(head.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(await head.text()).toBe('');
});

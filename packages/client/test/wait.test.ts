import { createClient } from '@drover/client';
import { DroverUnreachableError } from '@drover/client/errors';
import type { Job } from '@drover/client/job';
import { describe, expect, it } from 'vitest';
import { sendJson, startHttpServer } from './fixture/http-server.ts';
import { makeJob } from './fixture/job.ts';

const PENDING = makeJob({ id: 'a' });
const RUNNING = makeJob({ id: 'a', status: 'RUNNING' });
const ENDED = makeJob({ id: 'a', status: 'FAILED', end: { code: 'ENTRYPOINT_FAILED', message: 'no', exit_code: 3 } });

describe('wait', () => {
  it('asks again until the job has ended, and shows each answer on the way', async () => {
    const answers = [PENDING, PENDING, RUNNING, ENDED];
    const server = await startHttpServer((_, response) => sendJson(response, answers.shift()));
    const seen: Job[] = [];
    const job = await createClient({ address: server.address }).wait('a', { onUpdate: (update) => seen.push(update) });
    expect(job).toEqual(ENDED);
    expect(seen).toEqual([PENDING, PENDING, RUNNING]);
    expect(server.requests).toEqual([
      'GET /api/v1/jobs/a/wait?timeout=0',
      'GET /api/v1/jobs/a/wait?timeout=1',
      'GET /api/v1/jobs/a/wait?timeout=1',
      'GET /api/v1/jobs/a/wait?timeout=30',
    ]);
  });

  it('asks every second how far an array is, where somebody wants to see it', async () => {
    const array = { size: 3, max_running: 1, waiting: 2, running: 1, succeeded: 0, failed: 0, stopped: 0 };
    const answers = [makeJob({ id: 'a', status: 'RUNNING', array }), ENDED];
    const server = await startHttpServer((_, response) => sendJson(response, answers.shift()));
    await createClient({ address: server.address }).wait('a', { onUpdate: () => {} });
    expect(server.requests).toEqual(['GET /api/v1/jobs/a/wait?timeout=0', 'GET /api/v1/jobs/a/wait?timeout=1']);
  });

  it('answers the job as it is at the timeout', async () => {
    const server = await startHttpServer((_, response) => sendJson(response, RUNNING));
    expect(await createClient({ address: server.address }).wait('a', { timeoutMs: 0 })).toEqual(RUNNING);
    expect(server.requests).toEqual(['GET /api/v1/jobs/a/wait?timeout=0']);
  });

  it('waits out a restart of the server', async () => {
    const first = await startHttpServer((_, response) => sendJson(response, RUNNING));
    const client = createClient({ address: first.address });
    const waited = client.wait('a', { onUpdate: () => void first.close() });
    await expect.poll(() => first.requests.length).toBeGreaterThan(0);
    await first.close();
    await startHttpServer((_, response) => sendJson(response, ENDED), first.port);
    expect(await waited).toEqual(ENDED);
  });

  it('waits out a restart that breaks off the first long poll', async () => {
    const first = await startHttpServer((_, response, url) => {
      if (url.searchParams.get('timeout') === '0') sendJson(response, PENDING);
      else void first.close();
    });
    const waited = createClient({ address: first.address }).wait('a');
    await expect.poll(() => first.requests.length).toBe(2);
    await first.close();
    // Longer than a server is waited for that was never there.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await startHttpServer((_, response) => sendJson(response, ENDED), first.port);
    expect(await waited).toEqual(ENDED);
  });

  it('gives up on a server that stays away, within the patience', async () => {
    const server = await startHttpServer((_, response) => sendJson(response, RUNNING));
    const waited = createClient({ address: server.address }).wait('a', {
      patienceMs: 300,
      onUpdate: () => void server.close(),
    });
    await expect(waited).rejects.toBeInstanceOf(DroverUnreachableError);
  });

  it('stops when aborted', async () => {
    const server = await startHttpServer(() => {});
    const abort = new AbortController();
    const waited = createClient({ address: server.address }).wait('a', { signal: abort.signal });
    await expect.poll(() => server.requests.length).toBe(1);
    abort.abort(new Error('enough'));
    await expect(waited).rejects.toThrow('enough');
  });
});

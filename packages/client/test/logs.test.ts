import { Buffer } from 'node:buffer';
import type { ServerResponse } from 'node:http';
import { createClient } from '@drover/client';
import { DroverApiError, DroverUnreachableError } from '@drover/client/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogEnd } from '../src/job-logs.ts';
import { sendJson, sendProblem, startHttpServer } from './fixture/http-server.ts';
import { makeJob } from './fixture/job.ts';

const RUNNING = makeJob({ id: 'a', status: 'RUNNING' });
const ENDED = makeJob({ id: 'a', status: 'SUCCEEDED', end: { code: 'NONE', message: '', exit_code: 0 } });

async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = [];
  for await (const chunk of chunks) read.push(chunk);
  return Buffer.concat(read);
}

/** What the generator returns, behind all of its bytes. */
async function endOf(chunks: AsyncGenerator<Uint8Array, LogEnd, undefined>): Promise<LogEnd> {
  let part = await chunks.next();
  while (!part.done) part = await chunks.next();
  return part.value;
}

/** Sends bytes, then breaks the connection so that the client sees that something is missing. */
function sendAndBreak(response: ServerResponse, bytes: Uint8Array): void {
  response.writeHead(200, { 'drover-log-first-byte': '0' });
  response.flushHeaders();
  if (bytes.length === 0) response.destroy();
  else response.write(bytes, () => response.destroy());
}

describe('logs', () => {
  it('gives the bytes untouched', async () => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));
    const server = await startHttpServer((_, response) => void response.end(bytes));
    expect((await readAll(createClient({ address: server.address }).logs('a'))).equals(bytes)).toBe(true);
    expect(server.requests).toEqual(['GET /api/v1/jobs/a/logs']);
  });

  it('follows across dropped connections: no byte twice, none missing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 400 }),
        fc.array(fc.nat(400), { maxLength: 4 }),
        async (bytes, breaks) => {
          const left = [...breaks];
          const server = await startHttpServer((_, response, url) => {
            if (!url.pathname.endsWith('/logs')) return sendJson(response, left.length > 0 ? RUNNING : ENDED);
            const offset = Number(url.searchParams.get('offset') ?? 0);
            const length = left.shift();
            if (length === undefined) response.end(bytes.subarray(offset));
            else sendAndBreak(response, bytes.subarray(offset, offset + length));
          });
          const read = await readAll(createClient({ address: server.address }).logs('a', { follow: true }));
          await server.close();
          expect(read).toEqual(Buffer.from(bytes));
        },
      ),
      { numRuns: 15 },
    );
  });

  it('takes up again after a server that shut down in good order, and reads what was written meanwhile', async () => {
    let rounds = 0;
    const server = await startHttpServer((_, response, url) => {
      if (!url.pathname.endsWith('/logs')) return sendJson(response, rounds === 1 ? RUNNING : ENDED);
      rounds += 1;
      response.end('abcdef'.slice(Number(url.searchParams.get('offset') ?? 0), rounds * 2));
    });
    const read = await readAll(createClient({ address: server.address }).logs('a', { follow: true }));
    expect(read.toString()).toBe('abcdef');
    expect(server.requests.filter((request) => request.includes('/logs'))).toEqual([
      'GET /api/v1/jobs/a/logs?follow=true',
      'GET /api/v1/jobs/a/logs?follow=true&offset=2',
      'GET /api/v1/jobs/a/logs?offset=4',
    ]);
  });

  it.each([
    ['broke off', (response: ServerResponse) => sendAndBreak(response, Buffer.from('one ')), DroverUnreachableError],
    ['ended', (response: ServerResponse) => void response.end('one '), Error],
  ])('waits for a server that went away when its answer %s, and says so', async (_, send, reason) => {
    const first = await startHttpServer((_, response) => send(response));
    const { promise: told, resolve: onReconnect } = Promise.withResolvers<unknown>();
    const chunks = createClient({ address: first.address }).logs('a', { follow: true, onReconnect });
    const beginning = await chunks.next();
    expect(Buffer.from(beginning.done ? [] : beginning.value).toString()).toBe('one ');
    const closed = first.close();
    const rest = readAll(chunks);
    await closed;
    expect(await told).toBeInstanceOf(reason);
    await startHttpServer((_, response, url) => {
      if (!url.pathname.endsWith('/logs')) return sendJson(response, ENDED);
      response.end('one two'.slice(Number(url.searchParams.get('offset'))));
    }, first.port);
    expect((await rest).toString()).toBe('two');
  });

  it('takes a quiet connection that was cut up again without a word', async () => {
    let rounds = 0;
    const server = await startHttpServer((_, response, url) => {
      if (!url.pathname.endsWith('/logs')) return sendJson(response, rounds === 1 ? RUNNING : ENDED);
      rounds += 1;
      if (rounds === 1) sendAndBreak(response, Buffer.alloc(0));
      else response.end('late'.slice(Number(url.searchParams.get('offset') ?? 0)));
    });
    const losses: unknown[] = [];
    const options = { follow: true, onReconnect: (reason: unknown) => losses.push(reason) };
    expect((await readAll(createClient({ address: server.address }).logs('a', options))).toString()).toBe('late');
    expect(losses).toEqual([]);
  });

  it('tells of a connection that breaks again and again', async () => {
    const server = await startHttpServer((_, response, url) => {
      if (url.pathname.endsWith('/logs')) sendAndBreak(response, Buffer.alloc(0));
      else sendJson(response, RUNNING);
    });
    const losses: unknown[] = [];
    const abort = new AbortController();
    const onReconnect = (reason: unknown) => {
      losses.push(reason);
      if (losses.length === 3) abort.abort(new Error('enough'));
    };
    const options = { follow: true, onReconnect, signal: abort.signal };
    await expect(readAll(createClient({ address: server.address }).logs('a', options))).rejects.toThrow('enough');
    expect(losses[0]).toBeInstanceOf(DroverUnreachableError);
  });

  it('says which bytes of a capped log are missing', async () => {
    const server = await startHttpServer((_, response) => {
      response.writeHead(200, { 'drover-log-first-byte': '1000' }).end('rest');
    });
    const gaps: unknown[] = [];
    const options = { offset: 10, onGap: (gap: unknown) => gaps.push(gap) };
    expect((await readAll(createClient({ address: server.address }).logs('a', options))).toString()).toBe('rest');
    expect(gaps).toEqual([{ from: 10, to: 1000 }]);
  });

  it('takes a tail up again where the server tells at which byte it began', async () => {
    const server = await startHttpServer((_, response, url) => {
      if (!url.pathname.endsWith('/logs')) return sendJson(response, ENDED);
      if (url.searchParams.has('tail')) {
        response.writeHead(200, { 'drover-log-first-byte': '0', 'drover-log-offset': '500' });
        response.write('last ', () => response.destroy());
      } else {
        response.end('line');
      }
    });
    const read = await readAll(createClient({ address: server.address }).logs('a', { tail: 1 }));
    expect(read.toString()).toBe('last line');
    expect(server.requests.at(-1)).toBe('GET /api/v1/jobs/a/logs?offset=505');
  });

  it('ends quietly when the job is deleted while it is followed', async () => {
    const server = await startHttpServer((_, response, url) => {
      if (url.pathname.endsWith('/logs')) response.end('all');
      else sendProblem(response, 404, { code: 'JOB_NOT_FOUND' });
    });
    const read = await readAll(createClient({ address: server.address }).logs('a', { follow: true }));
    expect(read.toString()).toBe('all');
  });

  it('returns the job as it ended, also across a dropped connection', async () => {
    let rounds = 0;
    const server = await startHttpServer((_, response, url) => {
      if (!url.pathname.endsWith('/logs')) return sendJson(response, rounds === 1 ? RUNNING : ENDED);
      rounds += 1;
      if (rounds === 1) sendAndBreak(response, Buffer.from('one '));
      else response.end('one two'.slice(Number(url.searchParams.get('offset'))));
    });
    const end = await endOf(createClient({ address: server.address }).logs('a', { follow: true }));
    expect(end).toEqual({ reason: 'ended', job: ENDED });
  });

  it('returns that the job was deleted: before its end was asked for, or before the rest was read', async () => {
    for (const atFirst of [null, ENDED]) {
      let rounds = 0;
      const server = await startHttpServer((_, response, url) => {
        if (url.pathname.endsWith('/logs') && rounds === 0) {
          rounds += 1;
          response.end('one');
        } else if (atFirst !== null && !url.pathname.endsWith('/logs')) {
          sendJson(response, atFirst);
        } else {
          sendProblem(response, 404, { code: 'JOB_NOT_FOUND' });
        }
      });
      const end = await endOf(createClient({ address: server.address }).logs('a', { follow: true }));
      expect(end).toEqual({ reason: 'deleted', job: null });
    }
  });

  it('returns that it has caught up where nobody follows, without another question', async () => {
    const server = await startHttpServer((_, response) => void response.end('one'));
    const end = await endOf(createClient({ address: server.address }).logs('a', { tail: 1 }));
    expect(end).toEqual({ reason: 'caught_up', job: null });
    expect(server.requests).toEqual(['GET /api/v1/jobs/a/logs?tail=1']);
  });

  it('rejects where a tail that begins nobody knows where ends before the job', async () => {
    for (const job of [RUNNING, ENDED]) {
      const server = await startHttpServer((_, response, url) => {
        if (url.pathname.endsWith('/logs')) response.end('last line');
        else sendJson(response, job);
      });
      const end = endOf(createClient({ address: server.address }).logs('a', { follow: true, tail: 1 }));
      if (job === RUNNING) await expect(end).rejects.toBeInstanceOf(DroverUnreachableError);
      else expect(await end).toEqual({ reason: 'ended', job });
    }
  });

  it('rejects for a job that is unknown from the start', async () => {
    const server = await startHttpServer((_, response) => sendProblem(response, 404, { code: 'JOB_NOT_FOUND' }));
    const read = readAll(createClient({ address: server.address }).logs('a', { follow: true }));
    await expect(read).rejects.toBeInstanceOf(DroverApiError);
  });

  it('frees the connection when the consumer leaves early', async () => {
    let closed = false;
    const server = await startHttpServer((_, response) => {
      response.on('close', () => {
        closed = true;
      });
      response.write('first');
    });
    for await (const _ of createClient({ address: server.address }).logs('a', { follow: true })) break;
    await expect.poll(() => closed).toBe(true);
  });
});

import { createClient } from '@drover/client';
import { DroverApiError, DroverUnreachableError } from '@drover/client/errors';
import { describe, expect, it } from 'vitest';
import { sendJson, sendProblem, startHttpServer } from './fixture/http-server.ts';
import { makeJob } from './fixture/job.ts';

describe('requests', () => {
  it('sends a submission with tenant and token, and hands back the job with fields it does not know', async () => {
    let seen: unknown;
    const server = await startHttpServer(async (request, response) => {
      const chunks = await request.toArray();
      const { authorization, 'x-tenant-id': tenant, 'content-type': type } = request.headers;
      seen = { authorization, tenant, type, body: JSON.parse(Buffer.concat(chunks).toString()) };
      sendJson(response, { ...makeJob({ id: 'a' }), invented_later: 1 }, 201);
    });
    const client = createClient({ address: `${server.address}/`, token: 's3cret' });
    const submission = {
      entrypoint: 'true',
      stop_grace_seconds: 0.5,
      max_retries: 3,
      retry_policy: { initial_delay_seconds: 1, rules: [{ exit_codes: [75], retry: true }] },
      after_success: ['before'],
      array: { size: 100, max_running: 4 },
    };
    const job = await client.submit(submission, { tenant: 'blue' });
    expect(seen).toEqual({
      authorization: 'Bearer s3cret',
      tenant: 'blue',
      type: 'application/json',
      body: submission,
    });
    expect(job).toEqual({ ...makeJob({ id: 'a' }), invented_later: 1 });
  });

  it('encodes ids, so that no id reaches another route', async () => {
    const server = await startHttpServer((_, response) => sendJson(response, makeJob({ id: 'x' })));
    await createClient({ address: server.address }).get('../a b?c#d');
    expect(server.requests).toEqual(['GET /api/v1/jobs/..%2Fa%20b%3Fc%23d']);
    for (const id of ['', '.', '..']) {
      await expect(createClient({ address: server.address }).delete(id)).rejects.toMatchObject({
        code: 'INVALID_JOB_ID',
      });
    }
    expect(server.requests).toHaveLength(1);
  });

  it('sends the grace of a stop in seconds, and reads the answers of stop, delete, events and version', async () => {
    const bodies: string[] = [];
    const server = await startHttpServer(async (request, response, url) => {
      bodies.push(Buffer.concat(await request.toArray()).toString());
      if (request.method === 'DELETE') response.writeHead(204).end();
      else if (url.pathname.endsWith('/stop')) sendJson(response, { stopping: true, job: makeJob({ id: 'a' }) });
      else if (url.pathname.endsWith('/events')) sendJson(response, { events: [{ id: 7, type: 'submitted' }] });
      else sendJson(response, { version: '1.2.3', api: 'v1', node_id: 'n' });
    });
    const client = createClient({ address: server.address });
    expect(await client.stop('a', { graceMs: 1500 })).toEqual({ stopping: true, job: makeJob({ id: 'a' }) });
    expect(await client.delete('a')).toBeUndefined();
    expect(await client.events('a', { after: 6, limit: 2 })).toEqual([{ id: 7, type: 'submitted' }]);
    expect(await client.version()).toEqual({ version: '1.2.3', api: 'v1', node_id: 'n' });
    expect(bodies[0]).toBe('{"grace_seconds":1.5}');
    expect(server.requests.slice(1)).toEqual([
      'DELETE /api/v1/jobs/a',
      'GET /api/v1/jobs/a/events?after=6&limit=2',
      'GET /api/v1/version',
    ]);
  });
});

describe('attempts', () => {
  const attempts = [
    { number: 1, attempt: null, started_at: null, ended_at: '2026-01-02T03:04:05.000Z', end: null },
    { number: 2, attempt: null, started_at: null, ended_at: null, end: null, invented_later: 1 },
  ];

  it('are read with fields that are not known', async () => {
    const server = await startHttpServer((_, response) => sendJson(response, { attempts }));
    expect(await createClient({ address: server.address }).attempts('sweep:3')).toEqual(attempts);
    expect(server.requests).toEqual(['GET /api/v1/jobs/sweep%3A3/attempts']);
  });

  it('of a stranger at the address are none', async () => {
    const server = await startHttpServer((_, response) => sendJson(response, { hello: 'world' }));
    await expect(createClient({ address: server.address }).attempts('a')).rejects.toMatchObject({
      code: 'UNEXPECTED_ANSWER',
    });
  });
});

describe('errors', () => {
  it('turns a problem document into an error with its code and the ids that are alike', async () => {
    const server = await startHttpServer((_, response) =>
      sendProblem(response, 404, { code: 'JOB_NOT_FOUND', title: 'No such job', detail: 'no a', similar_ids: ['b'] }),
    );
    await expect(createClient({ address: server.address }).get('a')).rejects.toMatchObject({
      name: 'DroverApiError',
      code: 'JOB_NOT_FOUND',
      status: 404,
      title: 'No such job',
      detail: 'no a',
      message: 'no a',
      similarIds: ['b'],
    });
  });

  it.each([
    [200, 'text/html', '<h1>It works</h1>'],
    [200, 'application/json', '[]'],
    [404, 'text/html', '<h1>Not Found</h1>'],
  ])('names a stranger at the address (%i %s %s)', async (status, type, body) => {
    const server = await startHttpServer((_, response) => {
      response.writeHead(status, { 'content-type': type }).end(body);
    });
    const answer = createClient({ address: server.address }).get('a');
    await expect(answer).rejects.toBeInstanceOf(DroverApiError);
    await expect(answer).rejects.toMatchObject({ code: 'UNEXPECTED_ANSWER', status });
  });

  it('says that nobody answers, where, and why', async () => {
    const server = await startHttpServer(() => {});
    await server.close();
    const answer = createClient({ address: server.address }).version();
    await expect(answer).rejects.toBeInstanceOf(DroverUnreachableError);
    await expect(answer).rejects.toMatchObject({
      address: server.address,
      reason: `connect ECONNREFUSED 127.0.0.1:${server.port}`,
    });
  });

  it('refuses what is no address, and a token that no header can hold, before anything is sent', () => {
    expect(() => createClient({ address: 'localhost:8888' })).toThrow(TypeError);
    expect(() => createClient({ address: 'http://localhost', token: 'a\nb' })).toThrow('token');
  });
});

describe('retries', () => {
  it('repeats a GET while the server restarts, and one whose answer breaks off', async () => {
    let calls = 0;
    const server = await startHttpServer((_, response) => {
      calls += 1;
      if (calls === 1) sendProblem(response, 503, { code: 'SHUTTING_DOWN' });
      else if (calls === 2)
        response.writeHead(200, { 'content-length': '100' }).write('{"id":', () => response.destroy());
      else sendJson(response, makeJob({ id: 'a' }));
    });
    expect(await createClient({ address: server.address }).get('a')).toEqual(makeJob({ id: 'a' }));
    expect(calls).toBe(3);
  });

  it('gives up on a GET after three repetitions, with the last answer', async () => {
    const server = await startHttpServer((_, response) => sendProblem(response, 503, { code: 'SHUTTING_DOWN' }));
    await expect(createClient({ address: server.address }).get('a')).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    expect(server.requests).toHaveLength(4);
  });

  it('never repeats what changes something', async () => {
    const server = await startHttpServer((_, response) => void response.destroy());
    const client = createClient({ address: server.address });
    await expect(client.submit({ entrypoint: 'true' })).rejects.toBeInstanceOf(DroverUnreachableError);
    await expect(client.stop('a')).rejects.toBeInstanceOf(DroverUnreachableError);
    await expect(client.delete('a')).rejects.toBeInstanceOf(DroverUnreachableError);
    expect(server.requests).toHaveLength(3);
  });

  it('stops at once when aborted, with the reason given', async () => {
    const server = await startHttpServer(() => {});
    const reason = new Error('enough');
    await expect(
      createClient({ address: server.address }).get('a', { signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
  });
});

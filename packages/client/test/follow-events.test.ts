import { createClient } from '@drover/client';
import { describe, expect, it } from 'vitest';
import { sendProblem, startHttpServer } from './fixture/http-server.ts';

const event = (id: number) => ({
  id,
  job_id: 'a',
  type: 'noted',
  at: '2026-01-02T03:04:05.000Z',
  revision: id,
  detail: {},
});
const block = (id: number) => `id: ${id}\nevent: noted\ndata: ${JSON.stringify(event(id))}\n\n`;

describe('followed events', () => {
  it('come once each and in order, across dropped connections and a server that is away', async () => {
    const asked: unknown[] = [];
    const server = await startHttpServer((request, response) => {
      asked.push(request.headers['last-event-id']);
      if (asked.length === 2) return sendProblem(response, 503, { code: 'SHUTTING_DOWN' });
      if (asked.length === 4) return void response.writeHead(204).end();
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      if (asked.length === 3) return void response.end(`:\n\n${block(3)}`);
      // Broken off within an event, and within a character of it.
      response.write(`retry: 2000\n\n${block(1)}${block(2)}`);
      response.write(Buffer.from(`${block(3)}`).subarray(0, 30), () => response.destroy());
    });
    const ids: number[] = [];
    for await (const { id } of createClient({ address: server.address }).followEvents('a')) ids.push(id);
    expect(ids).toEqual([1, 2, 3]);
    expect(asked).toEqual([undefined, '2', '2', '3']);
    expect(new Set(server.requests)).toEqual(new Set(['GET /api/v1/jobs/a/events']));
  });

  it('end where the job is deleted, and tell of events that are gone', async () => {
    const server = await startHttpServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`event: reset\ndata: {"oldest_id":7,"newest_id":7}\n\n${block(7)}event: deleted\ndata: {}\n\n`);
    });
    const gaps: unknown[] = [];
    const ids: number[] = [];
    const options = { after: 3, onGap: (gap: unknown) => gaps.push(gap) };
    for await (const { id } of createClient({ address: server.address }).followEvents(null, options)) ids.push(id);
    expect({ ids, gaps }).toEqual({ ids: [7], gaps: [{ after: 3, oldestId: 7 }] });
    expect(server.requests).toEqual(['GET /api/v1/events']);
  });

  it('of an unknown job, and from a stranger, are refused', async () => {
    const server = await startHttpServer((_, response, url) => {
      if (url.pathname === '/api/v1/events') response.end('{}');
      else sendProblem(response, 404, { code: 'JOB_NOT_FOUND' });
    });
    const client = createClient({ address: server.address });
    await expect(client.followEvents('a').next()).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
    await expect(client.followEvents(null).next()).rejects.toMatchObject({ code: 'UNEXPECTED_ANSWER' });
  });
});

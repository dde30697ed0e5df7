import { createClient } from '@drover/client';
import { describe, expect, it } from 'vitest';
import { sendJson, startHttpServer } from './fixture/http-server.ts';
import { makeJob } from './fixture/job.ts';

describe('list', () => {
  it('puts every filter into the query', async () => {
    const server = await startHttpServer((_, response) => sendJson(response, { jobs: [], next_cursor: null }));
    const page = await createClient({ address: server.address }).list({
      status: ['FAILED', 'STOPPED'],
      metadata: { 'team name': 'a&b' },
      submittedAfter: new Date('2026-01-01T00:00:00Z'),
      submittedBefore: '2026-02-01T00:00:00Z',
      text: 'train',
      tenant: 'blue',
      sort: '-ended_at',
      limit: 5,
      cursor: 'c1',
    });
    expect(page).toEqual({ jobs: [], next_cursor: null });
    const query = new URL(server.requests[0]?.slice('GET '.length) ?? '', server.address).searchParams;
    expect([...query]).toEqual([
      ['status', 'FAILED'],
      ['status', 'STOPPED'],
      ['metadata.team name', 'a&b'],
      ['submitted_after', '2026-01-01T00:00:00.000Z'],
      ['submitted_before', '2026-02-01T00:00:00Z'],
      ['q', 'train'],
      ['tenant', 'blue'],
      ['sort', '-ended_at'],
      ['limit', '5'],
      ['cursor', 'c1'],
    ]);
  });

  it('iterates over all pages, and asks for none that the consumer does not want', async () => {
    const pages: Record<string, unknown> = {
      first: { jobs: [makeJob({ id: 'a' }), makeJob({ id: 'b' })], next_cursor: 'second' },
      second: { jobs: [makeJob({ id: 'c' })], next_cursor: 'third' },
      third: { jobs: [makeJob({ id: 'd' })], next_cursor: null },
    };
    const server = await startHttpServer((_, response, url) =>
      sendJson(response, pages[url.searchParams.get('cursor') ?? 'first']),
    );
    const client = createClient({ address: server.address });
    const ids: string[] = [];
    for await (const job of client.listAll({ limit: 2 })) ids.push(job.id);
    expect(ids).toEqual(['a', 'b', 'c', 'd']);
    expect(server.requests).toHaveLength(3);

    for await (const job of client.listAll()) if (job.id === 'c') break;
    expect(server.requests).toHaveLength(5);
  });
});

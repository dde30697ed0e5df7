import { DroverApiError } from '@drover/client/errors';
import { describe, expect, it } from 'vitest';
import { startAnswering } from './fixture/answering.ts';

const ANSWER = { done: 2, skipped: 1, refused: 0, ids: ['b', 'a'], complete: true };

describe('calls about many jobs', () => {
  it('name their filter in the query, and what is to be done in the body', async () => {
    const { client, bodies, requests } = await startAnswering(ANSWER);
    const filter = { status: 'PENDING', metadata: { team: 'a&b' }, submittedBefore: new Date(0), text: 'x' } as const;
    expect(await client.stopMany(filter, { graceMs: 1500 })).toEqual(ANSWER);
    await client.deleteMany({ tenant: 'blue', status: ['FAILED', 'STOPPED'] });
    await client.retryMany({ all: true }, { dryRun: true });
    expect(requests).toEqual([
      'POST /api/v1/jobs/stop?status=PENDING&metadata.team=a%26b&submitted_before=1970-01-01T00%3A00%3A00.000Z&q=x',
      'POST /api/v1/jobs/delete?status=FAILED&status=STOPPED&tenant=blue',
      'POST /api/v1/jobs/retry?all=true',
    ]);
    expect(bodies).toEqual([{ grace_seconds: 1.5 }, {}, { dry_run: true }]);
  });

  it('do not take no status for any status', async () => {
    const { client, requests } = await startAnswering(ANSWER);
    await expect(client.deleteMany({ status: [], tenant: 'blue' })).rejects.toThrow(TypeError);
    expect(requests).toEqual([]);
  });

  it('reject an answer that counts nothing', async () => {
    const { client } = await startAnswering({ id: 'stop', status: 'PENDING' });
    await expect(client.stopMany({ all: true })).rejects.toBeInstanceOf(DroverApiError);
  });
});

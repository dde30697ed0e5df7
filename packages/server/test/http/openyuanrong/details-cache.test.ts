import { expect, test } from 'vitest';
import {
  createDetailsCache,
  type DetailsCache,
  type RenderedDetails,
} from '../../../src/http/openyuanrong/details-cache.ts';
import type { Job } from '../../../src/job/job.ts';
import { createFakeService } from '../fake-service.ts';
import { submitted } from '../harness.ts';

function rendered(job: Job, body = 'x'): RenderedDetails {
  return { seq: job.seq, revision: job.revision, etag: '"t"', headers: [], body };
}

/** The first answer of a job is not kept, so it is given twice. */
function add(cache: DetailsCache, job: Job, body?: string): void {
  cache.add(job.id, rendered(job, body));
  cache.add(job.id, rendered(job, body));
}

async function jobs(count: number): Promise<Job[]> {
  const service = createFakeService();
  return Promise.all(Array.from({ length: count }, (_, index) => submitted(service, { id: `app-${index}` })));
}

function at(list: readonly Job[], index: number): Job {
  const job = list[index];
  if (job === undefined) throw new Error(`no job ${index}`);
  return job;
}

test('the entry that was asked for longest ago goes first', async () => {
  const all = await jobs(3);
  const cache = createDetailsCache({ maxEntries: 2, maxChars: 1000 });
  add(cache, at(all, 0));
  add(cache, at(all, 1));
  cache.get(at(all, 0));
  add(cache, at(all, 2));
  expect(all.map((job) => cache.get(job) !== undefined)).toEqual([true, false, true]);
});

test('long answers push out more than one, and very long ones are not kept', async () => {
  const all = await jobs(101);
  const cache = createDetailsCache({ maxEntries: 1000, maxChars: 640 });
  for (const job of all) add(cache, job, 'x'.repeat(10));
  expect(all.filter((job) => cache.get(job) !== undefined)).toHaveLength(64);
  add(cache, at(all, 0), 'x'.repeat(11));
  expect(cache.get(at(all, 0))).toBeUndefined();
});

test('an entry of another revision does not count, and its room is free again', async () => {
  const [job] = await jobs(1);
  const cache = createDetailsCache({ maxEntries: 10, maxChars: 64 });
  if (job === undefined) throw new Error('no job');
  for (let revision = 1; revision < 200; revision += 1) {
    const changed = { ...job, revision };
    expect(cache.get(changed)).toBeUndefined();
    add(cache, changed);
    expect(cache.get(changed)).toBeDefined();
  }
});

test('what was asked for once is not kept', async () => {
  const [job] = await jobs(1);
  const cache = createDetailsCache({ maxEntries: 10, maxChars: 640 });
  if (job === undefined) throw new Error('no job');
  cache.add(job.id, rendered(job));
  expect(cache.get(job)).toBeUndefined();
  cache.add(job.id, rendered(job));
  expect(cache.get(job)).toBeDefined();
});

import { expect, test } from 'vitest';
import type { JobEvent } from '../../../src/job/event.ts';
import type { Job } from '../../../src/job/job.ts';
import { ended, handOver, STOP, sampleJob, started } from '../sample-jobs.ts';
import { type OpenStore, storesOf } from './open-store.ts';

export function describeListeners(open: OpenStore): void {
  const openStore = storesOf(open);

  test('a listener hears of every change once, in order, with the row and the event', async () => {
    const store = await openStore();
    const heard: { job: Job; event: JobEvent | null }[] = [];
    store.onCommitted((job, event) => heard.push({ job, event }));
    const writes = Array.from({ length: 40 }, (_, index) => [
      store.insert(sampleJob(`job-${index}`)),
      store.apply(`job-${index}`, handOver(`a-${index}`)),
      store.apply(`job-${index}`, started(`a-${index}`)),
    ]).flat();
    await Promise.all(writes);

    expect(heard).toHaveLength(120);
    const ids = heard.map(({ event }) => event?.id ?? 0);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    for (const { job, event } of heard) expect(event).toMatchObject({ jobId: job.id, revision: job.revision });
    const own = heard.filter(({ job }) => job.id === 'job-7');
    expect(own.map(({ event }) => event)).toEqual(await store.events('job-7', 0, 10));
    expect(own.at(-1)?.job).toEqual(await store.get('job-7'));
  });

  test('it has heard when the writer has its answer, and what it hears can be read', async () => {
    const store = await openStore();
    const read: Promise<Job | null>[] = [];
    store.onCommitted((job) => read.push(store.get(job.id)));
    const stored = await store.insert(sampleJob('job'));
    expect(read).toHaveLength(1);
    expect(await read[0]).toEqual(stored);
  });

  test('nothing is told of what was refused or changed nothing', async () => {
    const store = await openStore();
    const heard: string[] = [];
    store.onCommitted((job, event) => heard.push(`${job.id} ${event?.type}`));
    await Promise.allSettled([
      store.insert(sampleJob('job')),
      store.insert(sampleJob('job')),
      store.apply('job', started('never')),
      store.apply('unknown', handOver('a')),
      store.remove('job'),
    ]);
    expect(heard).toEqual(['job submitted']);
  });

  test('a removal is told with the last row and no event', async () => {
    const store = await openStore();
    await store.insert(sampleJob('job'));
    const last = await store.apply('job', ended(null, STOP));
    const heard: { job: Job; event: JobEvent | null }[] = [];
    store.onCommitted((job, event) => heard.push({ job, event }));
    await store.remove('job');
    expect(heard).toEqual([{ job: last?.job, event: null }]);
  });

  test('one that was taken away hears nothing more, the others do', async () => {
    const store = await openStore();
    const heard: string[] = [];
    const stopListening = store.onCommitted(() => heard.push('first'));
    store.onCommitted(() => heard.push('second'));
    await store.insert(sampleJob('one'));
    stopListening();
    stopListening();
    await store.insert(sampleJob('two'));
    expect(heard).toEqual(['first', 'second', 'second']);
  });

  test('a listener may write', async () => {
    const store = await openStore();
    const followed: Promise<unknown>[] = [];
    store.onCommitted((job, event) => {
      if (event?.type === 'submitted') followed.push(store.apply(job.id, handOver(`attempt-of-${job.id}`)));
    });
    await Promise.all([store.insert(sampleJob('one')), store.insert(sampleJob('two'))]);
    await Promise.all(followed);
    expect(await store.get('one')).toMatchObject({ attempt: { id: 'attempt-of-one' } });
    expect(await store.get('two')).toMatchObject({ attempt: { id: 'attempt-of-two' } });
  });
}

import { describe, expect, it } from 'vitest';
import { jobResource } from '../../../src/http/native/job-resource.ts';
import type { JobStore } from '../../../src/store/store.ts';
import { ended, FAILURE, handOver, STOP, SUCCESS, sampleJob, started } from '../../store/sample-jobs.ts';
import { openScene } from '../opening.ts';
import { accept, answer, isSigned, type Received, startReceiver } from '../receiver.ts';

/** A job from its submit to its end. */
async function runJob(store: JobStore, id: string): Promise<void> {
  await store.insert(sampleJob(id, { submittedAtMs: Date.now() }));
  await store.apply(id, handOver(`of-${id}`));
  await store.apply(id, started(`of-${id}`));
  await store.apply(id, ended(`of-${id}`, SUCCESS));
}

const WHOLE_LIFE = ['job.submitted', 'job.handed_over', 'job.started', 'job.ended'];

const typesOf = (messages: readonly Received[], jobId: string) =>
  messages.filter((message) => message.jobId === jobId).map(({ type }) => type);

describe('an event', () => {
  it('is delivered with the job as the API showed it then, signed, once', async () => {
    const receiver = await startReceiver();
    const { store, hear, service } = await openScene();
    const webhook = await hear(receiver.url);
    await runJob(store, 'job');
    await store.remove('job');
    await receiver.has(4);
    expect(typesOf(receiver.messages, 'job')).toEqual(WHOLE_LIFE);
    const [, , third] = receiver.messages;
    expect(JSON.parse(third?.body ?? '')).toMatchObject({
      type: 'job.started',
      timestamp: '2023-11-14T22:13:20.200Z',
      data: {
        event: { job_id: 'job', type: 'started', revision: 3, detail: { attempt: 'of-job', pid: 4711 } },
        job: { id: 'job', status: 'RUNNING', revision: 3, attempt: { id: 'of-job', driver_pid: 4711 }, end: null },
      },
    });
    for (const message of receiver.messages) {
      expect(message.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'drover' });
      expect(await isSigned(message, webhook.secrets.current)).toBe(true);
      expect(await isSigned({ ...message, body: `${message.body} ` }, webhook.secrets.current)).toBe(false);
    }
    expect(new Set(receiver.messages.map(({ id }) => id)).size).toBe(4);
    await expect.poll(() => service.standing(webhook.id)).toMatchObject({ waiting: 0, delivered: 4, dropped: 0 });
  });

  it('has the whole resource of the job in it', async () => {
    const receiver = await startReceiver();
    const { store, hear } = await openScene();
    await hear(receiver.url, { types: ['ended'] });
    await store.insert(sampleJob('job', { spec: { metadata: { team: 'ü' }, queue: 'train' } }));
    const result = await store.apply('job', ended(null, STOP));
    await receiver.has(1);
    const { data } = JSON.parse(receiver.messages[0]?.body ?? '');
    expect(result && data.job).toEqual(result && jobResource(result.job, null));
  });

  it('comes behind those of its job that were before it, while other jobs pass', async () => {
    const receiver = await startReceiver();
    let refused: string | null = null;
    receiver.answerWith((message, response) => {
      if (message.type === 'job.handed_over' && message.jobId === 'slow' && refused === null) {
        refused = message.id;
        answer(500)(message, response);
      } else accept(message, response);
    });
    const { store, hear } = await openScene();
    const { id } = await hear(receiver.url);
    await Promise.all([runJob(store, 'slow'), runJob(store, 'quick')]);
    await receiver.has(9);
    const [submitted, handedOver, ...rest] = WHOLE_LIFE;
    expect(typesOf(receiver.messages, 'slow')).toEqual([submitted, handedOver, handedOver, ...rest]);
    expect(typesOf(receiver.messages, 'quick')).toEqual(WHOLE_LIFE);
    expect(receiver.messages.filter((message) => message.id === refused)).toHaveLength(2);
    expect(receiver.messages.findIndex(({ jobId, type }) => jobId === 'quick' && type === 'job.ended')).toBeLessThan(
      receiver.messages.findLastIndex(({ id: messageId }) => messageId === refused),
    );
    await expect.poll(() => store.webhooks.tally(id)).toMatchObject({ waiting: 0, delivered: 8 });
    const finished = await store.webhooks.finished(id, 10);
    expect(finished.find(({ jobId, type }) => jobId === 'slow' && type === 'handed_over')?.attempts).toBe(2);
  });

  it('goes out beside fifteen others at most, and each job has one under way', async () => {
    const jobsUnderWay = new Set<string>();
    const held: (() => void)[] = [];
    let clashes = 0;
    const receiver = await startReceiver((message, response) => {
      if (jobsUnderWay.has(message.jobId)) clashes += 1;
      jobsUnderWay.add(message.jobId);
      held.push(() => {
        jobsUnderWay.delete(message.jobId);
        accept(message, response);
      });
      // The first sixteen are answered together, and every other one at once.
      if (receiver.messages.length < 16) return;
      for (const release of held.splice(0)) release();
    });
    const { store, hear } = await openScene();
    await hear(receiver.url);
    const ids = Array.from({ length: 60 }, (_, index) => `job-${index}`);
    await Promise.all(ids.map((id) => runJob(store, id)));
    await receiver.has(240);
    expect(receiver.mostAtOnce()).toBe(16);
    expect(clashes).toBe(0);
    for (const id of ids) expect(typesOf(receiver.messages, id)).toEqual(WHOLE_LIFE);
  });

  it('goes to each webhook that wants it, whatever the others do', async () => {
    const [deaf, ends, all] = [await startReceiver(() => {}), await startReceiver(), await startReceiver()];
    const { store, hear } = await openScene();
    await hear(deaf.url);
    await hear(ends.url, { types: ['ended'], endStatuses: ['FAILED'] });
    await hear(all.url);
    await runJob(store, 'good');
    await store.insert(sampleJob('bad'));
    await store.apply('bad', ended(null, FAILURE));
    await all.has(6);
    await ends.has(1);
    await deaf.has(2);
    expect(typesOf(ends.messages, 'bad')).toEqual(['job.ended']);
    expect(ends.messages).toHaveLength(1);
    expect(deaf.messages.map(({ type }) => type)).toEqual(['job.submitted', 'job.submitted']);
  });

  it('carries two signatures while a secret is being changed', async () => {
    const receiver = await startReceiver();
    const { store, hear, service } = await openScene();
    const { id, secrets } = await hear(receiver.url);
    const rotated = await service.change(id, (webhook) => webhook, { keepPreviousMs: 60_000 });
    await store.insert(sampleJob('one'));
    await receiver.has(1);
    const final = await service.change(id, (webhook) => webhook, { keepPreviousMs: 0 });
    await store.insert(sampleJob('two'));
    await receiver.has(2);
    const signedWith = async (message: Received | undefined, secret: string) =>
      message !== undefined && (await isSigned(message, secret));
    const [first, second] = receiver.messages;
    expect(await signedWith(first, secrets.current)).toBe(true);
    expect(await signedWith(first, rotated.secrets.current)).toBe(true);
    expect(await signedWith(second, rotated.secrets.current)).toBe(false);
    expect(await signedWith(second, final.secrets.current)).toBe(true);
  });

  it('goes over a connection that was there, or a new one where that has been closed meanwhile', async () => {
    let isDropping = false;
    let dropped = 0;
    const receiver = await startReceiver((message, response) => {
      const { socket } = response;
      if (isDropping && socket !== null && used.has(socket)) {
        dropped += 1;
        socket.destroy();
        return;
      }
      if (socket !== null) used.add(socket);
      accept(message, response);
    });
    const used = new Set<unknown>();
    const { store, hear } = await openScene();
    const { id } = await hear(receiver.url);
    for (const job of ['one', 'two', 'three']) {
      await store.insert(sampleJob(job));
      await expect.poll(() => store.webhooks.tally(id)).toMatchObject({ waiting: 0 });
    }
    expect(used.size).toBe(1);
    isDropping = true;
    await store.insert(sampleJob('four'));
    await expect.poll(() => store.webhooks.tally(id)).toMatchObject({ waiting: 0, delivered: 4 });
    expect(dropped).toBe(1);
    expect((await store.webhooks.finished(id, 1))[0]).toMatchObject({ jobId: 'four', attempts: 1 });
  });
});

import { describe, expect, it } from 'vitest';
import { findFreePorts } from '../../../../../scripts/free-ports.ts';
import { ended, handOver, STOP, sampleJob } from '../../store/sample-jobs.ts';
import { openScene, type Scene } from '../opening.ts';
import { accept, answer, startReceiver } from '../receiver.ts';

/** The first notice that waits, when it was tried at least once. */
const tried = async ({ store }: Scene, webhookId: string) => {
  const [first] = await store.webhooks.waiting(webhookId, 1);
  return first?.lastAttempt ?? null;
};

describe('a receiver that', () => {
  it('is down for a while gets everything afterwards, in order, and is asked seldom meanwhile', async () => {
    const [port = 0] = await findFreePorts(1);
    const scene = await openScene();
    const { store, service, hear, logged } = scene;
    const { id } = await hear(`http://127.0.0.1:${port}/hook`);
    const jobs = Array.from({ length: 40 }, (_, index) => `job-${index}`);
    await Promise.all(jobs.map((job) => store.insert(sampleJob(job))));
    await Promise.all(jobs.map((job) => store.apply(job, ended(null, STOP))));
    await expect.poll(() => service.standing(id).then(({ failingSinceMs }) => failingSinceMs)).not.toBeNull();
    expect(await tried(scene, id)).toMatchObject({ status: null, problem: `connect ECONNREFUSED 127.0.0.1:${port}` });
    await expect.poll(() => logged).toContain('a webhook does not take messages; they wait for it');
    // Sixteen went out together at first; each pause since let one more through.
    const attempts = (await store.webhooks.waiting(id, 100)).reduce((sum, notice) => sum + notice.attempts, 0);
    expect(attempts).toBeLessThanOrEqual(16 + 3);

    const receiver = await startReceiver(accept, port);
    await receiver.has(80);
    for (const job of jobs) {
      const types = receiver.messages.filter(({ jobId }) => jobId === job).map(({ type }) => type);
      expect(types).toEqual(['job.submitted', 'job.ended']);
    }
    expect(logged).toContain('a webhook takes messages again');
    await expect.poll(() => service.standing(id)).toMatchObject({ waiting: 0, failingSinceMs: null });
  });

  it('takes too long is asked again, with the same id', async () => {
    const receiver = await startReceiver(() => {});
    const scene = await openScene({ timeoutMs: 150 });
    const { id } = await scene.hear(receiver.url);
    await scene.store.insert(sampleJob('job'));
    await expect.poll(() => tried(scene, id)).toMatchObject({ status: null, problem: 'no answer within 0.15 s' });
    receiver.answerWith(accept);
    await receiver.has(2);
    expect(new Set(receiver.messages.map((message) => message.id)).size).toBe(1);
    await expect.poll(() => scene.service.standing(id)).toMatchObject({ waiting: 0, delivered: 1 });
  });

  it.each([
    [500, 'answered 500'],
    [404, 'answered 404'],
    [429, 'answered 429'],
    [302, 'answered 302, and redirects are not followed'],
  ])('answers %i is asked again', async (status, problem) => {
    const target = await startReceiver();
    const receiver = await startReceiver(answer(status, { location: target.url }));
    const scene = await openScene();
    const { id } = await scene.hear(receiver.url);
    await scene.store.insert(sampleJob('job'));
    await expect.poll(() => tried(scene, id)).toMatchObject({ status, problem });
    receiver.answerWith(accept);
    await expect.poll(() => scene.service.standing(id)).toMatchObject({ waiting: 0, delivered: 1 });
    expect(target.messages).toEqual([]);
  });

  it('answers 410 is disabled and gets nothing more; turned on again, it gets what was left', async () => {
    const receiver = await startReceiver(answer(410));
    const { store, service, hear, logged } = await openScene();
    const { id } = await hear(receiver.url);
    await store.insert(sampleJob('one'));
    await expect.poll(() => service.webhook(id).disabled?.reason).toContain('answered 410');
    expect(logged).toContain('a webhook is disabled: its receiver answered 410');
    await store.insert(sampleJob('two'));
    expect(await service.standing(id)).toMatchObject({ waiting: 1, dropped: 0 });
    expect(receiver.messages).toHaveLength(1);
    receiver.answerWith(accept);
    await service.change(id, (webhook) => ({ ...webhook, disabled: null }), null);
    await receiver.has(2);
    await store.insert(sampleJob('three'));
    await receiver.has(3);
    expect(receiver.messages.map(({ jobId }) => jobId)).toEqual(['one', 'one', 'three']);
  });

  it('never ends its answer has taken the message all the same', async () => {
    const receiver = await startReceiver((_message, response) => void response.writeHead(200).write('ok'));
    const { store, service, hear } = await openScene({ timeoutMs: 2_000 });
    const { id } = await hear(receiver.url);
    await store.insert(sampleJob('job'));
    await expect.poll(() => service.standing(id)).toMatchObject({ waiting: 0, delivered: 1 });
    expect(receiver.messages).toHaveLength(1);
  });

  it('refuses one message for ever does not keep the others, and that one is given up', async () => {
    let nowMs = 1_700_000_000_000;
    const receiver = await startReceiver((message, response) =>
      (message.jobId === 'poison' && message.type === 'job.submitted' ? answer(500) : accept)(message, response),
    );
    // Every look at the clock is ten minutes later: the tries are made in no time, and the event is too old by then.
    const now = () => {
      nowMs += 600_000;
      return nowMs;
    };
    const { store, service, hear } = await openScene({ now, maxAgeMs: 60_000 });
    const { id } = await hear(receiver.url);
    await store.insert(sampleJob('poison', { submittedAtMs: nowMs }));
    await store.apply('poison', handOver('a1'));
    await store.insert(sampleJob('good', { submittedAtMs: nowMs }));
    await expect.poll(() => service.standing(id)).toMatchObject({ waiting: 0, delivered: 2, dropped: 1 });
    const ofPoison = receiver.messages.filter(({ jobId }) => jobId === 'poison');
    expect(ofPoison.map(({ type }) => type)).toEqual([...Array(10).fill('job.submitted'), 'job.handed_over']);
    const finished = await store.webhooks.finished(id, 3);
    expect(finished.filter(({ isDelivered }) => !isDelivered)).toMatchObject([
      { jobId: 'poison', type: 'submitted', attempts: 10, lastAttempt: { status: 500 } },
    ]);
  });
});

describe('a store that', () => {
  it('does not take what came of a message has it sent again after a pause', async () => {
    let isBroken = true;
    const receiver = await startReceiver();
    const { store, service, hear, logged } = await openScene({
      disturb: (webhooks) => ({
        ...webhooks,
        finish: (...args) => (isBroken ? Promise.reject(new Error('no')) : webhooks.finish(...args)),
      }),
    });
    const { id } = await hear(receiver.url);
    await store.insert(sampleJob('job'));
    await expect.poll(() => service.standing(id)).toMatchObject({ pausedUntilMs: expect.any(Number), waiting: 1 });
    expect(logged).toContain('could not record the delivery of an event');
    expect(receiver.messages).toHaveLength(1);
    isBroken = false;
    await service.test(id, () => '{"type":"ping","data":{}}', new AbortController().signal);
    await expect.poll(() => service.standing(id)).toMatchObject({ waiting: 0, delivered: 1 });
    expect(receiver.messages[2]?.id).toBe(receiver.messages[0]?.id);
  });
});

describe('a server that ends', () => {
  it('lets a message that is under way come to its end, and begins no other', async () => {
    let release = () => {};
    const receiver = await startReceiver((message, response) => {
      release = () => accept(message, response);
    });
    const { store, service, hear } = await openScene();
    const { id } = await hear(receiver.url);
    await store.insert(sampleJob('job'));
    await store.apply('job', ended(null, STOP));
    await receiver.has(1);
    const closed = service.close();
    release();
    await closed;
    expect(await store.webhooks.tally(id)).toMatchObject({ waiting: 1, delivered: 1 });
    expect(receiver.messages).toHaveLength(1);
  });

  it('breaks off one that takes long, which the next server sends again', async () => {
    const receiver = await startReceiver(() => {});
    const { store, service, hear, restart } = await openScene({ timeoutMs: 60_000 });
    const { id } = await hear(receiver.url);
    await store.insert(sampleJob('job'));
    await receiver.has(1);
    await service.close();
    expect((await store.webhooks.waiting(id, 1))[0]).toMatchObject({ attempts: 0, lastAttempt: null });
    receiver.answerWith(accept);
    await restart();
    await receiver.has(2);
    expect(receiver.messages[1]?.id).toBe(receiver.messages[0]?.id);
    await expect.poll(() => store.webhooks.tally(id)).toMatchObject({ waiting: 0, delivered: 1 });
  });
});

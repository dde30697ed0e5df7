import { describe, expect, it } from 'vitest';
import { sampleJob } from '../store/sample-jobs.ts';
import { openScene } from './opening.ts';
import { accept, answer, startReceiver } from './receiver.ts';

const resolvingTo =
  (...addresses: string[]) =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

describe('an address', () => {
  const rules = (allowedHosts: readonly string[], ...addresses: string[]) => ({
    rules: { allowedHosts, resolve: resolvingTo(...addresses) },
  });

  it.each([
    ['https://127.0.0.1/', '127.0.0.1'],
    ['https://2130706433/', '127.0.0.1'],
    ['https://[::1]:8443/', '::1'],
    ['https://[::ffff:10.0.0.1]/', '::ffff:a00:1'],
    ['https://169.254.169.254/latest/meta-data', '169.254.169.254'],
    ['https://inner.test/', 'inner.test'],
  ])('%s is refused: it is none of the public internet', async (url, host) => {
    const { hear, service } = await openScene(rules(['other.test'], '93.184.216.34', '10.1.2.3'));
    await expect(hear(url)).rejects.toMatchObject({
      code: 'WEBHOOK_NOT_ALLOWED',
      message: `nothing is sent to ${url}: ${host} is not on the public internet, and allowed_webhook_hosts does not name it`,
    });
    expect(service.webhooks()).toEqual([]);
  });

  it('must speak https, unless its host is named', async () => {
    const { hear } = await openScene(rules(['named.test'], '93.184.216.34'));
    await expect(hear('http://outer.test/')).rejects.toMatchObject({
      message: expect.stringContaining('outer.test must be asked by https, unless allowed_webhook_hosts names it'),
    });
    await hear('https://outer.test/');
    await hear('http://named.test/');
  });

  it('is asked inside where its name, or its address, is named', async () => {
    const receiver = await startReceiver();
    const { hear, store } = await openScene(rules(['Hooks.TEST', '[::1]'], '127.0.0.1'));
    await hear(`http://hooks.test:${receiver.port}/a`);
    await hear('https://by-address.test/').then(
      () => expect.unreachable(),
      (error) => expect(error).toMatchObject({ code: 'WEBHOOK_NOT_ALLOWED' }),
    );
    await store.insert(sampleJob('job'));
    await receiver.has(1);
    expect(receiver.messages[0]?.headers.host).toBe(`hooks.test:${receiver.port}`);
  });

  it('that turns to the inside later gets nothing, and says why', async () => {
    const receiver = await startReceiver();
    let addresses = ['93.184.216.34'];
    const resolve = async () => addresses.map((address) => ({ address, family: 4 }));
    const { hear, store } = await openScene({ rules: { allowedHosts: [], resolve } });
    const { id } = await hear(`https://outer.test:${receiver.port}/`);
    addresses = ['127.0.0.1'];
    await store.insert(sampleJob('job'));
    const problem = 'outer.test is not on the public internet, and allowed_webhook_hosts does not name it';
    const lastAttempt = async () => (await store.webhooks.waiting(id, 1))[0]?.lastAttempt;
    await expect.poll(lastAttempt).toMatchObject({ status: null, problem });
    expect(receiver.messages).toEqual([]);
  });

  it('whose name means nothing at this moment is taken, and cannot be changed to one that is refused', async () => {
    const { hear, service } = await openScene({
      rules: { allowedHosts: [], resolve: () => Promise.reject(new Error('no such name')) },
    });
    const { id, url } = await hear('https://later.test/');
    const change = service.change(id, (webhook) => ({ ...webhook, url: 'https://10.0.0.1/' }), null);
    await expect(change).rejects.toMatchObject({ code: 'WEBHOOK_NOT_ALLOWED' });
    expect(service.webhook(id).url).toBe(url);
  });
});

describe('webhooks', () => {
  it('are there again for the next server, with their secrets, and get what waits', async () => {
    const receiver = await startReceiver(answer(503));
    const { hear, service, store, restart } = await openScene();
    const webhook = await hear(receiver.url);
    await store.insert(sampleJob('job'));
    await receiver.has(1);
    await service.close();
    receiver.answerWith(accept);
    const next = await restart();
    expect(next.webhooks()).toEqual([webhook]);
    await expect.poll(() => next.standing(webhook.id)).toMatchObject({ waiting: 0, delivered: 1 });
  });

  it('lose nothing where two change one at once', async () => {
    const { hear, service } = await openScene();
    const { id } = await hear('https://outer.test/');
    await Promise.all([
      service.change(id, (webhook) => ({ ...webhook, description: 'a' }), null),
      service.change(id, (webhook) => ({ ...webhook, filter: { ...webhook.filter, tenant: 'b' } }), null),
    ]);
    expect(service.webhook(id)).toMatchObject({ description: 'a', filter: { tenant: 'b' } });
  });

  it('that are deleted hear of nothing more, and leave nothing', async () => {
    const receiver = await startReceiver(answer(500));
    const { hear, service, store } = await openScene();
    const { id } = await hear(receiver.url);
    await Promise.all(Array.from({ length: 900 }, (_, index) => store.insert(sampleJob(`job-${index}`))));
    const [first] = await store.webhooks.waiting(id, 1);
    await service.remove(id);
    await expect(service.remove(id)).rejects.toMatchObject({ code: 'WEBHOOK_NOT_FOUND' });
    await expect(service.standing(id)).rejects.toMatchObject({ code: 'WEBHOOK_NOT_FOUND' });
    await expect.poll(() => store.webhooks.body((first?.id ?? 0) + 899)).toBeNull();
    await store.insert(sampleJob('later'));
    await expect.poll(() => store.webhooks.sweep()).toBe(false);
    expect(receiver.messages.some(({ jobId }) => jobId === 'later')).toBe(false);
  });

  it('are a hundred at most', async () => {
    const { hear } = await openScene();
    for (let index = 0; index < 100; index += 1) await hear(`https://outer.test/${index}`);
    await expect(hear('https://outer.test/100')).rejects.toMatchObject({ code: 'TOO_MANY_WEBHOOKS' });
  });
});

describe('a test', () => {
  const ping = () => '{"type":"ping","data":{}}';
  const signal = new AbortController().signal;

  it('says what came back, also from a disabled webhook, and counts for nothing', async () => {
    const receiver = await startReceiver((_message, response) => void response.writeHead(418).end('I am a teapot'));
    const { hear, service } = await openScene();
    const { id } = await hear(receiver.url);
    await service.change(id, (webhook) => ({ ...webhook, disabled: { reason: 'off', atMs: 1 } }), null);
    expect(await service.test(id, ping, signal)).toMatchObject({
      ...{ status: 418, problem: 'answered 418', excerpt: 'I am a teapot' },
    });
    expect(await service.standing(id)).toMatchObject({ waiting: 0, delivered: 0, dropped: 0, failingSinceMs: null });
    await receiver.close();
    expect(await service.test(id, ping, signal)).toMatchObject({
      ...{ status: null, problem: expect.stringContaining('ECONNREFUSED') },
    });
  });

  it('that succeeds ends the pause of a receiver that did not answer', async () => {
    const receiver = await startReceiver(answer(500));
    const { hear, service, store } = await openScene();
    const { id } = await hear(receiver.url);
    for (const job of ['one', 'two', 'three']) await store.insert(sampleJob(job));
    await expect.poll(() => service.standing(id)).toMatchObject({ pausedUntilMs: expect.any(Number) });
    receiver.answerWith(accept);
    await service.test(id, ping, signal);
    expect((await service.standing(id)).pausedUntilMs).toBeNull();
  });

  it('is refused where eight others are under way', async () => {
    const receiver = await startReceiver(() => {});
    const { hear, service } = await openScene();
    const { id } = await hear(receiver.url);
    const controller = new AbortController();
    const tests = Array.from({ length: 8 }, () => service.test(id, ping, controller.signal));
    await expect(service.test(id, ping, signal)).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    controller.abort(new Error('the client went away'));
    for (const outcome of await Promise.all(tests)) expect(outcome.problem).toBe('the client went away');
    receiver.answerWith(accept);
    expect(await service.test(id, ping, signal)).toMatchObject({ status: 204, problem: null });
  });
});

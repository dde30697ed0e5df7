import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { kubeconfigAccess } from '../../../src/engine/kubernetes/client/cluster-access.ts';
import { quoteForShell } from '../../../src/engine/order/shell-quote.ts';
import { handleOf, orderFor } from '../orders.ts';
import { until } from '../until.ts';
import { openAttempts, podsOf, type TestAttempts, untilSlow, wasRefused } from './attempts.ts';
import { CLUSTER, KUBECONFIG, openTestCluster, type TestCluster, WITHOUT } from './cluster.ts';
import { killDaemon, startDeadDaemons } from './cluster-daemons.ts';
import { startUnreliableProxy } from './unreliable-proxy.ts';
import { createWaitingDriver } from './waiting-driver.ts';

/** What fails in a cluster, made to fail. In each trial a driver leaves a mark when it begins: there is never more than one. */
describe.skipIf(KUBECONFIG === null)(`when the cluster fails${KUBECONFIG === null ? `: ${WITHOUT}` : ''}`, () => {
  let cluster: TestCluster;
  let attempts: TestAttempts;

  beforeAll(async () => {
    cluster = await openTestCluster();
  });
  afterAll(() => cluster.close());
  beforeEach(async () => {
    attempts = await openAttempts(cluster);
  });
  afterEach(async () => {
    if (CLUSTER !== null) await startDeadDaemons();
    await attempts.close();
  }, 180_000);

  const { waitingOrder, begin, release, beginnings } = createWaitingDriver(() => attempts);

  it('refuses the second pod that Kubernetes makes when a kubelet dies, and follows the first to its end', async () => {
    await attempts.close();
    attempts = await openAttempts(cluster, { settings: { unreachable_toleration: 2000 } });
    const order = waitingOrder(41);
    const node = await begin(order);
    killDaemon(`${node}.kubelet`);
    const refused = await untilSlow(
      'a second pod that was refused',
      async () => (await podsOf(cluster.client, order)).find(wasRefused) ?? null,
    );
    expect(refused.node).not.toBe(node);
    expect(attempts.news.all.map(({ kind }) => kind)).toEqual(['started']);
    release(order);
    expect(await attempts.news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 41 });
    expect(attempts.log(order)).toBe('ready\nreleased\n');
    expect(beginnings(order)).toBe(1);
  }, 180_000);

  it('calls a driver lost when its node had a power cut, and not before the node is back', async () => {
    const order = waitingOrder(0);
    const node = await begin(order);
    killDaemon(node);
    await untilSlow('the node not to be ready', async () =>
      attempts.engine.nodes().some(({ name, trouble }) => name === node && trouble !== null),
    );
    expect(attempts.news.all.map(({ kind }) => kind)).toEqual(['started']);
    await startDeadDaemons();
    await untilSlow('the news', async () => attempts.news.all.length > 1);
    expect(attempts.news.all.at(-1)).toMatchObject({ kind: 'lost', attemptId: order.attemptId });
    expect(beginnings(order)).toBe(1);
  }, 240_000);

  it('hears the end of a driver while the apiserver is dead, and hands over what waited once it is back', async () => {
    const order = waitingOrder(42);
    await begin(order);
    killDaemon('apiserver');
    await until('trouble', () => attempts.engine.trouble() !== null);
    release(order);
    expect(await attempts.news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 42 });
    const second = orderFor(`echo begun >>${quoteForShell(join(attempts.folder, 'second'))}`);
    await attempts.engine.handOver(second);
    await startDeadDaemons();
    expect(await attempts.news.endOf(second.attemptId)).toMatchObject({ kind: 'ended', exitCode: 0 });
    await until('no trouble', () => attempts.engine.trouble() === null);
    expect(readFileSync(join(attempts.folder, 'second'), 'utf8')).toBe('begun\n');
    await untilSlow('no pod', async () => (await podsOf(cluster.client, order)).length === 0);
  }, 180_000);

  it('finds all output and the true end of a driver that wrote and ended while there was no server', async () => {
    const ended = join(attempts.folder, 'ended');
    const order = waitingOrder(43);
    const lines = 'i=0; while [ $i -lt 5000 ]; do echo "line $i"; i=$((i + 1)); done';
    const entrypoint = order.entrypoint.replace('exec ', '');
    await begin({ ...order, entrypoint: `${entrypoint}; code=$?; ${lines}; : >${quoteForShell(ended)}; exit $code` });
    await attempts.engine.close();
    await cluster.door.close();
    release(order);
    await until('the end', () => existsSync(ended));
    await cluster.door.open();
    await attempts.reopen();
    attempts.engine.follow(handleOf(order, attempts.engine.bootId, true));
    expect(await attempts.news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 43 });
    const expected = Array.from({ length: 5000 }, (_, index) => `line ${index}\n`).join('');
    expect(attempts.log(order)).toBe(`ready\nreleased\n${expected}`);
    expect(beginnings(order)).toBe(1);
  });

  it('begins a driver that was handed over right before its server died, once', async () => {
    const order = waitingOrder(44);
    await attempts.engine.handOver(order);
    await attempts.engine.close();
    await attempts.reopen();
    attempts.engine.follow(handleOf(order, attempts.engine.bootId));
    await attempts.news.of(order.attemptId, 'started');
    release(order);
    expect(await attempts.news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 44 });
    expect(beginnings(order)).toBe(1);
  });

  it('makes one Job where the answer to its submission is lost', async () => {
    const access = kubeconfigAccess(KUBECONFIG ?? '', null);
    let isFirst = true;
    const proxy = await startUnreliableProxy(access.server, access.ca, (method, path) => {
      const isLost = isFirst && method === 'POST' && path.endsWith('/jobs');
      if (isLost) isFirst = false;
      return isLost;
    });
    try {
      const kubeconfig = join(attempts.folder, 'kubeconfig');
      const user = { token: access.readToken?.() ?? '' };
      const context = { cluster: 'c', user: 'u' };
      const parts = {
        clusters: [{ name: 'c', cluster: { server: proxy.url } }],
        users: [{ name: 'u', user }],
        contexts: [{ name: 'x', context }],
      };
      writeFileSync(kubeconfig, JSON.stringify({ ...parts, 'current-context': 'x' }));
      await attempts.close();
      attempts = await openAttempts(cluster, { settings: { kubeconfig } });
      const order = waitingOrder(45);
      await begin(order);
      expect(proxy.lost()).toBe(1);
      expect(await podsOf(cluster.client, order)).toHaveLength(1);
      release(order);
      expect(await attempts.news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 45 });
      expect(beginnings(order)).toBe(1);
      await attempts.close();
    } finally {
      proxy.close();
    }
  });

  it('lets a pod ask again where the answer to its claim was lost', async () => {
    const { server_url: url } = cluster.settings();
    let isFirst = true;
    const proxy = await startUnreliableProxy(url, null, (_, path) => {
      const isLost = isFirst && path.endsWith('/claim');
      if (isLost) isFirst = false;
      return isLost;
    });
    try {
      const server_url = Object.assign(new URL(url), { port: new URL(proxy.url).port }).href;
      await attempts.close();
      attempts = await openAttempts(cluster, { settings: { server_url } });
      const order = waitingOrder(46);
      await begin(order);
      expect(proxy.lost()).toBe(1);
      release(order);
      expect(await attempts.news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 46 });
      expect(beginnings(order)).toBe(1);
    } finally {
      proxy.close();
    }
  });

  it('goes on with a driver whose Job somebody deleted without its pod', async () => {
    const order = waitingOrder(47);
    await begin(order);
    const path = `/apis/batch/v1/namespaces/default/jobs/${order.attemptId}`;
    await cluster.client.request('DELETE', path, { propagationPolicy: 'Orphan' });
    await until('no Job', async () => (await cluster.client.request('GET', path)).status === 404);
    release(order);
    expect(await attempts.news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 47 });
    expect(beginnings(order)).toBe(1);
    await untilSlow('no pod', async () => (await podsOf(cluster.client, order)).length === 0);
  });

  it('makes a Job again that somebody deleted before its driver could begin', async () => {
    const order = waitingOrder(49, { engineOptions: { node_selector: { later: 'yes' } } });
    await attempts.engine.handOver(order);
    await until('the pod', async () => (await podsOf(cluster.client, order)).length === 1);
    const path = `/apis/batch/v1/namespaces/default/jobs/${order.attemptId}`;
    const uidOf = (body: unknown) =>
      z.object({ metadata: z.object({ uid: z.string() }) }).safeParse(body).data?.metadata.uid;
    const first = uidOf((await cluster.client.request('GET', path)).body);
    await cluster.client.request('DELETE', path, { propagationPolicy: 'Background' });
    await until('another Job', async () => {
      const uid = uidOf((await cluster.client.request('GET', path)).body);
      return uid !== undefined && uid !== first;
    });
    attempts.engine.stop(order.attemptId, 0);
    expect(await attempts.news.endOf(order.attemptId)).toMatchObject({ kind: 'withdrawn' });
  });
});

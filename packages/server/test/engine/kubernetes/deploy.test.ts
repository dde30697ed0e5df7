import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { orderFor } from '../orders.ts';
import { until } from '../until.ts';
import { openAttempts, podsOf, type TestAttempts } from './attempts.ts';
import { CLUSTER, KUBECONFIG, openTestCluster, type TestCluster, WITHOUT } from './cluster.ts';
import { killContainer } from './cluster-daemons.ts';
import { manifestsOf, openNamespaces, pathOf, removeNamespaces, tokenOf } from './deployed.ts';
import { createWaitingDriver } from './waiting-driver.ts';

describe.skipIf(KUBECONFIG === null)(`what is in deploy/${KUBECONFIG === null ? `: ${WITHOUT}` : ''}`, () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await openTestCluster();
    await openNamespaces(cluster.client);
  });
  afterAll(async () => {
    await removeNamespaces(cluster.client);
    await cluster.close();
  });

  it('is taken by a cluster', async () => {
    for (const manifest of ['server.yaml', 'courier.yaml'].flatMap(manifestsOf)) {
      const { status, body } = await cluster.client.request('POST', `${pathOf(manifest)}?dryRun=All`, manifest);
      expect(status, JSON.stringify(body)).toBe(201);
    }
  });

  it('gives the account of a server the rights to run, follow and stop jobs, and to see the nodes', async () => {
    const token = await tokenOf(cluster.client, 'drover', 'drover');
    const kubeconfig = join(cluster.shared, 'of-the-account');
    const admin = z
      .looseObject({ clusters: z.array(z.looseObject({ name: z.string() })) })
      .parse(parseAllDocuments(readFileSync(KUBECONFIG ?? '', 'utf8'))[0]?.toJS());
    const context = { cluster: admin.clusters[0]?.name, user: 'drover' };
    const parts = {
      clusters: admin.clusters,
      users: [{ name: 'drover', user: { token } }],
      contexts: [{ name: 'c', context }],
    };
    writeFileSync(kubeconfig, JSON.stringify({ ...parts, 'current-context': 'c' }));
    const attempts = await openAttempts(cluster, { settings: { kubeconfig, namespace: 'drover-jobs' } });
    try {
      const order = orderFor('echo ran; exit 5');
      await attempts.engine.handOver(order);
      expect(await attempts.news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 5 });
      const jobs = '/apis/batch/v1/namespaces/drover-jobs/jobs';
      await until(
        'no Job',
        async () => (await cluster.client.request('GET', `${jobs}/${order.attemptId}`)).status === 404,
      );
      const stopped = orderFor('sleep 1000');
      await attempts.engine.handOver(stopped);
      await attempts.news.of(stopped.attemptId, 'started');
      attempts.engine.stop(stopped.attemptId, 60_000);
      expect(await attempts.news.endOf(stopped.attemptId)).toMatchObject({ kind: 'ended', exitCode: 143 });
      if (CLUSTER !== null) await losesCourier(attempts);
      await until('nodes', () => attempts.engine.nodes().length > 0);
      expect(attempts.engine.trouble()).toBeNull();
    } finally {
      await attempts.close();
    }
  });

  /** Then its output is read from what the cluster keeps of the container. */
  async function losesCourier(attempts: TestAttempts): Promise<void> {
    const { waitingOrder, begin, release } = createWaitingDriver(() => attempts);
    const order = waitingOrder(6);
    await begin(order);
    const [pod] = await podsOf(cluster.client, order, 'drover-jobs');
    if (pod === undefined) throw new Error('there is no pod');
    killContainer(pod, 'courier');
    release(order);
    expect(await attempts.news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 6 });
    expect(attempts.log(order)).toBe('ready\nreleased\n');
  }
});

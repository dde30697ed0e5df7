import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { orderFor } from '../orders.ts';
import { until } from '../until.ts';
import { openAttempts, podsOf, type TestAttempts } from './attempts.ts';
import { CLUSTER, KUBECONFIG, openTestCluster, type TestCluster, WITHOUT } from './cluster.ts';
import { killContainer } from './cluster-daemons.ts';
import { createWaitingDriver } from './waiting-driver.ts';

const DEPLOY = resolve(import.meta.dirname, '../../../../../deploy/kubernetes');
const manifestSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});
const secretsSchema = z.object({
  items: z.array(
    z.object({ metadata: z.object({ name: z.string() }), data: z.record(z.string(), z.string()).default({}) }),
  ),
});

function manifestsOf(file: string) {
  const documents = parseAllDocuments(readFileSync(join(DEPLOY, file), 'utf8'));
  return documents.map((document) => manifestSchema.parse(document.toJS()));
}

/** Where objects of a kind are made. */
function pathOf({ kind, metadata: { namespace = '' } }: z.infer<typeof manifestSchema>): string {
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  const paths: Readonly<Record<string, string>> = {
    Namespace: '/api/v1/namespaces',
    ServiceAccount: `/api/v1/namespaces/${namespace}/serviceaccounts`,
    ConfigMap: `/api/v1/namespaces/${namespace}/configmaps`,
    Service: `/api/v1/namespaces/${namespace}/services`,
    StatefulSet: `/apis/apps/v1/namespaces/${namespace}/statefulsets`,
    DaemonSet: `/apis/apps/v1/namespaces/${namespace}/daemonsets`,
    Role: `${rbac}/namespaces/${namespace}/roles`,
    RoleBinding: `${rbac}/namespaces/${namespace}/rolebindings`,
    ClusterRole: `${rbac}/clusterroles`,
    ClusterRoleBinding: `${rbac}/clusterrolebindings`,
  };
  return paths[kind] ?? '';
}

describe.skipIf(KUBECONFIG === null)(`what is in deploy/${KUBECONFIG === null ? `: ${WITHOUT}` : ''}`, () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await openTestCluster();
    for (const manifest of manifestsOf('rbac.yaml')) {
      const { status, body } = await cluster.client.request('POST', pathOf(manifest), manifest);
      expect([201, 409], JSON.stringify(body)).toContain(status);
    }
  });
  afterAll(async () => {
    for (const name of ['drover', 'drover-jobs']) {
      await cluster.client.request('DELETE', `/api/v1/namespaces/${name}`, {});
    }
    await cluster.close();
  });

  it('is taken by a cluster', async () => {
    for (const manifest of ['server.yaml', 'courier.yaml'].flatMap(manifestsOf)) {
      const { status, body } = await cluster.client.request('POST', `${pathOf(manifest)}?dryRun=All`, manifest);
      expect(status, JSON.stringify(body)).toBe(201);
    }
  });

  it('gives the account of a server the rights to run, follow and stop jobs, and to see the nodes', async () => {
    const token = await tokenOf('drover', 'drover');
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
      attempts.engine.stop(stopped.attemptId, 100);
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

  /** Of a service account, as clusters of every age give it out. */
  async function tokenOf(namespace: string, account: string): Promise<string> {
    const path = `/api/v1/namespaces/${namespace}`;
    const asked = await cluster.client.request('POST', `${path}/serviceaccounts/${account}/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {},
    });
    const given = z.object({ status: z.object({ token: z.string() }) }).safeParse(asked.body).data?.status.token;
    if (asked.status === 201 && given !== undefined) return given;
    return until('a secret with its token', async () => {
      const { body } = await cluster.client.request('GET', `${path}/secrets`);
      const found = secretsSchema
        .parse(body)
        .items.find(({ metadata }) => metadata.name.startsWith(`${account}-token`));
      const data = found?.data.token;
      return data === undefined ? null : Buffer.from(data, 'base64').toString();
    });
  }
});

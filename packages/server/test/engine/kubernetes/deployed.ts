import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { ClusterClient } from '../../../src/engine/kubernetes/client/cluster-client.ts';
import { until } from '../until.ts';
import { untilSlow } from './attempts.ts';

const DEPLOY = resolve(import.meta.dirname, '../../../../../deploy/kubernetes');
/** Those of `rbac.yaml`. */
const NAMESPACES = ['drover', 'drover-jobs'];
const manifestSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});
const secretsSchema = z.object({
  items: z.array(
    z.object({ metadata: z.object({ name: z.string() }), data: z.record(z.string(), z.string()).default({}) }),
  ),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** What a file of `deploy/kubernetes/` has. */
export function manifestsOf(file: string): Manifest[] {
  const documents = parseAllDocuments(readFileSync(join(DEPLOY, file), 'utf8'));
  return documents.map((document) => manifestSchema.parse(document.toJS()));
}

/** Where objects of a kind are made. */
export function pathOf({ kind, metadata: { namespace = '' } }: Manifest): string {
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  const paths: Readonly<Record<string, string>> = {
    Namespace: '/api/v1/namespaces',
    ServiceAccount: `/api/v1/namespaces/${namespace}/serviceaccounts`,
    ConfigMap: `/api/v1/namespaces/${namespace}/configmaps`,
    Secret: `/api/v1/namespaces/${namespace}/secrets`,
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

/** Makes it; one that is there already stays as it is. */
export async function make(client: ClusterClient, manifest: Manifest): Promise<void> {
  const { status, body } = await client.request('POST', pathOf(manifest), manifest);
  if (status !== 201 && status !== 409) throw new Error(JSON.stringify(body));
}

/** Makes what is in `rbac.yaml`, in namespaces that nothing else is in. */
export async function openNamespaces(client: ClusterClient): Promise<void> {
  for (const name of NAMESPACES) {
    await untilSlow(
      `no namespace ${name}`,
      async () => (await client.request('GET', `/api/v1/namespaces/${name}`)).status === 404,
    );
  }
  for (const manifest of manifestsOf('rbac.yaml')) await make(client, manifest);
}

/** They go with all that is in them, after a while. */
export async function removeNamespaces(client: ClusterClient): Promise<void> {
  for (const name of NAMESPACES) await client.request('DELETE', `/api/v1/namespaces/${name}`, {});
}

/** Of a service account, as clusters of every age give it out. */
export async function tokenOf(client: ClusterClient, namespace: string, account: string): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}`;
  const asked = await client.request('POST', `${path}/serviceaccounts/${account}/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: {},
  });
  const given = z.object({ status: z.object({ token: z.string() }) }).safeParse(asked.body).data?.status.token;
  if (asked.status === 201 && given !== undefined) return given;
  return until('a secret with its token', async () => {
    const { body } = await client.request('GET', `${path}/secrets`);
    const found = secretsSchema.parse(body).items.find(({ metadata }) => metadata.name.startsWith(`${account}-token`));
    const data = found?.data.token;
    return data === undefined ? null : Buffer.from(data, 'base64').toString();
  });
}

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import type { ClusterClient } from '../../../packages/server/src/engine/kubernetes/client/cluster-client.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
/** The programs, as they were built. */
export const COURIERS = join(ROOT, 'packages/server/dist/engine/kubernetes/courier');

const container = z.looseObject({
  env: z.array(z.looseObject({ name: z.string() })),
  volumeMounts: z.array(z.looseObject({})),
});
const daemonSet = z.looseObject({
  metadata: z.looseObject({}),
  spec: z.looseObject({
    template: z.looseObject({
      metadata: z.looseObject({}),
      spec: z.looseObject({ containers: z.array(container).length(1), volumes: z.array(z.looseObject({})) }),
    }),
  }),
});

const COLLECTION = '/apis/apps/v1/namespaces/default/daemonsets';

export interface NodeCouriers {
  /** Resolves when all run. */
  start(): Promise<void>;
  /** Resolves when none runs any more. */
  remove(): Promise<void>;
}

/** Puts a courier on each node, as `deploy/kubernetes/courier.yaml` does, but with the programs of this clone. Resolves when all run. */
export async function startNodeCouriers(client: ClusterClient, server: string): Promise<NodeCouriers> {
  const name = `courier-${randomBytes(4).toString('hex')}`;

  async function start(): Promise<void> {
    const created = await client.request('POST', COLLECTION, manifest(name, server));
    if (created.status !== 201) throw new Error(JSON.stringify(created.body));
    await allRun();
  }

  async function remove(): Promise<void> {
    await client.request('DELETE', `${COLLECTION}/${name}`, { propagationPolicy: 'Foreground' });
    await until('no courier', async () => {
      const { body } = await client.request('GET', `${COLLECTION}/${name}`);
      return z.object({ code: z.literal(404) }).safeParse(body).success;
    });
  }

  async function allRun(): Promise<void> {
    await until('a courier on each node', async () => {
      const { body } = await client.request('GET', `${COLLECTION}/${name}`);
      const status = z
        .object({ status: z.object({ desiredNumberScheduled: z.number(), numberReady: z.number().default(0) }) })
        .safeParse(body).data?.status;
      return (
        status !== undefined && status.desiredNumberScheduled > 0 && status.numberReady >= status.desiredNumberScheduled
      );
    });
  }

  await start();
  return { start, remove };
}

const PATIENCE_MS = 120_000;
const LOOK_AGAIN_MS = 100;

async function until(what: string, ask: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await ask())) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await delay(LOOK_AGAIN_MS);
  }
}

function manifest(name: string, server: string): object {
  const { metadata, spec, ...rest } = daemonSet.parse(
    parse(readFileSync(join(ROOT, 'deploy/kubernetes/courier.yaml'), 'utf8')),
  );
  const pod = spec.template.spec;
  const [courier] = pod.containers;
  const labels = { app: name };
  return {
    ...rest,
    metadata: { ...metadata, name, namespace: 'default' },
    spec: {
      ...spec,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          ...pod,
          containers: [
            {
              ...courier,
              image: 'localhost/debian:1',
              imagePullPolicy: 'Never',
              command: [process.execPath, join(COURIERS, 'node-main.js')],
              env: courier?.env.map((entry) =>
                entry.name === 'DROVER_SERVER' ? { name: entry.name, value: server } : entry,
              ),
              volumeMounts: [...(courier?.volumeMounts ?? []), { name: 'source', mountPath: ROOT, readOnly: true }],
            },
          ],
          volumes: [...pod.volumes, { name: 'source', hostPath: { path: ROOT } }],
        },
      },
    },
  };
}

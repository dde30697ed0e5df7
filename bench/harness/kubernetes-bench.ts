import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { kubeconfigAccess } from '../../packages/server/src/engine/kubernetes/client/cluster-access.ts';
import { createClusterClient } from '../../packages/server/src/engine/kubernetes/client/cluster-client.ts';
import { COURIERS, startNodeCouriers } from '../../scripts/clusters/kubernetes/node-couriers.ts';
import { findFreePorts } from '../../scripts/free-ports.ts';
import { type Drover, startDrover } from './drover.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const JOBS = '/apis/batch/v1/namespaces/default/jobs';
const IMAGE = 'localhost/debian:1';

export type BenchEngine = 'courier-in-pod' | 'courier-on-node';

/** A real Kubernetes, and a Drover with two engines that give it jobs. */
export interface KubernetesBench {
  drover: Drover;
  /** Asks the cluster itself. */
  ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown>;
  stop(): Promise<void>;
}

/** @throws a sentence where the cluster cannot be brought up on this machine */
export async function openKubernetesBench(): Promise<KubernetesBench> {
  const folder = mkdtempSync(join(tmpdir(), 'drover-cluster-'));
  const script = (name: string) => join(ROOT, 'scripts/clusters/kubernetes', name);
  const down = () => promisify(execFile)('bash', [script('down.sh'), folder]);
  try {
    await promisify(execFile)('bash', [script('up.sh'), folder]);
  } catch (error) {
    await down();
    throw new Error(error instanceof Error ? error.message : String(error), { cause: error });
  }
  const kubeconfig = join(folder, 'kubeconfig');
  const client = createClusterClient(kubeconfigAccess(kubeconfig, null));
  const [port = 0] = await findFreePorts(1, '0.0.0.0');
  const server = `http://${ownAddress()}:${port}`;
  const settings = engineSettings(kubeconfig, server);
  const engines: Record<BenchEngine, object> = {
    'courier-in-pod': { ...settings, courier: 'pod' },
    'courier-on-node': { ...settings, courier: 'node' },
  };
  const drover = await startDrover(join(folder, 'data'), [
    ...['--host', '0.0.0.0', '--insecure', '--port', String(port)],
    ...['--engines', JSON.stringify(engines)],
  ]);
  await startNodeCouriers(client, server);

  return {
    drover: { ...drover, url: `http://127.0.0.1:${port}` },
    async ask(method, path, body) {
      const answer = await client.request(method, path, body);
      if (answer.status >= 300) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
      return answer.body;
    },
    async stop() {
      await drover.stop();
      client.close();
      await down();
    },
  };
}

/** The image of the test cluster has no Node.js: couriers take that of this clone. */
function engineSettings(kubeconfig: string, server: string) {
  const source = { name: 'source', hostPath: { path: ROOT } };
  const mount = { name: 'source', mountPath: ROOT, readOnly: true };
  return {
    ...{ type: 'kubernetes', kubeconfig, server_url: server },
    ...{ image: IMAGE, courier_image: IMAGE },
    courier_command: [process.execPath, join(COURIERS, 'main.js')],
    pod_template: { spec: { volumes: [source] }, courier: { volumeMounts: [mount] } },
  };
}

function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}

interface JobList {
  items: { status: { succeeded?: number } }[];
}

/** Makes so many Jobs that run `true` in one container each, waits until all are complete, and answers how many that were in a second. */
export async function runBareJobs({ ask }: KubernetesBench, jobs: number, mark: string): Promise<number> {
  const begin = performance.now();
  let made = 0;
  const makeSome = async () => {
    while (made < jobs) {
      made += 1;
      await ask('POST', JOBS, bareJob(`${mark}-${made}`, mark));
    }
  };
  await Promise.all([makeSome(), makeSome(), makeSome(), makeSome()]);
  const selector = `labelSelector=${encodeURIComponent(`bench=${mark}`)}`;
  for (;;) {
    const { items } = (await ask('GET', `${JOBS}?${selector}`)) as JobList;
    if (items.filter(({ status }) => status.succeeded === 1).length === jobs) break;
    await delay(50);
  }
  const seconds = (performance.now() - begin) / 1_000;
  await ask('DELETE', `${JOBS}?${selector}`, { propagationPolicy: 'Background' });
  return jobs / seconds;
}

function bareJob(name: string, mark: string): object {
  const container = { name: 'main', image: IMAGE, imagePullPolicy: 'IfNotPresent', command: ['/bin/sh', '-c', 'true'] };
  const spec = { restartPolicy: 'Never', automountServiceAccountToken: false, containers: [container] };
  return {
    ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name, labels: { bench: mark } } },
    spec: { backoffLimit: 0, template: { spec } },
  };
}

/** Waits until the cluster has no pods of jobs any more: those of one run are not to slow the next. */
export async function waitForNoPods({ ask }: KubernetesBench): Promise<void> {
  for (;;) {
    const { items } = (await ask('GET', '/api/v1/namespaces/default/pods?labelSelector=job-name')) as JobList;
    if (items.length === 0) return;
    await delay(200);
  }
}

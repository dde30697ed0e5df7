import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import {
  COURIERS,
  type NodeCouriers,
  startNodeCouriers,
} from '../../../../../scripts/clusters/kubernetes/node-couriers.ts';
import type { EngineEvents } from '../../../src/engine/engine.ts';
import { kubeconfigAccess } from '../../../src/engine/kubernetes/client/cluster-access.ts';
import { type ClusterClient, createClusterClient } from '../../../src/engine/kubernetes/client/cluster-client.ts';
import type { PodDoor } from '../../../src/engine/kubernetes/door/pod-door.ts';
import { type KubernetesEngine, openKubernetesEngine } from '../../../src/engine/kubernetes/kubernetes-engine.ts';
import type { KubernetesEngineOptions } from '../../../src/engine/kubernetes/options.ts';
import { type KubernetesSettings, kubernetesSettings } from '../../../src/engine/kubernetes/settings.ts';
import { startLastingServer } from '../../http/harness.ts';

/** Null where there is none to test on. `npm run test:kubernetes` brings one up. */
export const KUBECONFIG: string | null = process.env.DROVER_TEST_KUBECONFIG || null;
/** The folder of the cluster that was brought up for the tests, whose daemons may be killed; null for any other. */
export const CLUSTER: string | null = process.env.DROVER_TEST_CLUSTER || null;
export const WITHOUT = 'needs a Kubernetes: npm run test:kubernetes brings one up';

const ROOT = resolve(import.meta.dirname, '../../../../..');

/** What tests of one file share: a folder that pods see under the same path, and the server that pods ask. */
export interface TestCluster {
  /** Below it lies all that pods are to see. */
  shared: string;
  client: ClusterClient;
  /** Opens an engine whose pods find the server. */
  open(attemptsDir: string, events: EngineEvents, options?: TestOptions): Promise<KubernetesEngine>;
  settings(overrides?: Partial<KubernetesSettings>): KubernetesSettings;
  /** Those on the nodes; null where there are none. */
  couriers: NodeCouriers | null;
  /** Takes the server away from pods, and gives it back at the same port. */
  door: { close(): Promise<void>; open(): Promise<void> };
  close(): Promise<void>;
}

export interface TestOptions extends Partial<Omit<KubernetesEngineOptions, 'settings'>> {
  settings?: Partial<KubernetesSettings>;
}

/** @param courier beside each driver, or one on each node, as `deploy/` has it */
export async function openTestCluster(courier: 'pod' | 'node' = 'pod'): Promise<TestCluster> {
  if (KUBECONFIG === null) throw new Error(WITHOUT);
  const kubeconfig = KUBECONFIG;
  const shared = mkdtempSync(join(CLUSTER ?? '/tmp', 'shared-'));
  const client = createClusterClient(kubeconfigAccess(kubeconfig, null));
  const doors: PodDoor[] = [];
  const serverIds = new Set<string>();
  let http = await openDoor(doors, 0);
  const { port } = http;
  const couriers = courier === 'node' ? await startNodeCouriers(client, serverUrl(port)) : null;

  const settings = (overrides: Partial<KubernetesSettings> = {}) => ({
    ...kubernetesSettings.parse({ ...configuredSettings(shared, port), courier }),
    ...overrides,
  });

  return {
    shared,
    client,
    couriers,
    settings,
    async open(attemptsDir, events, options = {}) {
      const engine = await openKubernetesEngine(
        {
          name: 'kubernetes',
          attemptsDir,
          log: {
            warn(details, message) {
              console.error(message, details.err);
            },
          },
          sweepIntervalMs: 200,
          ...options,
          settings: settings(options.settings),
        },
        events,
      );
      serverIds.add(engine.describe().serverId);
      // An engine that is opened again comes before the one that was closed.
      doors.unshift(engine.podDoor);
      return engine;
    },
    door: {
      close: () => http.closeAll(),
      async open() {
        http = await openDoor(doors, port);
      },
    },
    async close() {
      for (const id of serverIds) {
        for (const path of ['/apis/batch/v1/namespaces/default/jobs', '/api/v1/namespaces/default/pods']) {
          const options = { propagationPolicy: 'Background', gracePeriodSeconds: 0 };
          await client.request('DELETE', `${path}?labelSelector=drover.dev/server=${id}`, options);
        }
      }
      await couriers?.remove();
      client.close();
      await http.closeAll();
      rmSync(shared, { recursive: true, force: true });
    },
  };
}

/** The settings of an engine as they are configured. @param port of the server that pods ask */
export function configuredSettings(shared: string, port: number) {
  const mount = { name: 'source', mountPath: ROOT, readOnly: true };
  return {
    type: 'kubernetes',
    kubeconfig: KUBECONFIG,
    server_url: serverUrl(port),
    image: 'localhost/debian:1',
    courier_image: 'localhost/debian:1',
    courier_command: [process.execPath, join(COURIERS, 'main.js')],
    allowed_options: ['image', 'node_selector', 'tolerations', 'priority_class'],
    pod_template: {
      spec: {
        volumes: [
          { name: 'source', hostPath: { path: ROOT } },
          { name: 'shared', hostPath: { path: shared } },
        ],
      },
      driver: { imagePullPolicy: 'Never', volumeMounts: [mount, { name: 'shared', mountPath: shared }] },
      courier: { imagePullPolicy: 'Never', volumeMounts: [mount] },
    },
  };
}

/** How pods reach this machine. */
export function serverUrl(port: number): string {
  return `http://${ownAddress()}:${port}`;
}

function ownAddress(): string {
  const given = process.env.DROVER_TEST_SERVER_ADDRESS;
  if (given !== undefined && given !== '') return given;
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const found = addresses.find(({ family, internal }) => family === 'IPv4' && !internal);
  if (found === undefined) throw new Error('this machine has no address but loopback: set DROVER_TEST_SERVER_ADDRESS');
  return found.address;
}

/** A user's token is none of a pod's. */
const openDoor = (podDoors: readonly PodDoor[], port: number) =>
  startLastingServer({
    ...{ host: '0.0.0.0', port, podDoors, readToken: () => 'of-the-users' },
    limits: { closeGraceMs: 200 },
  });

/** Whether a driver's process with this pid, as it is counted in its pod, runs on a node that is this machine. */
export function isRunningInPod(pid: number): boolean {
  return readdirSync('/proc').some((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const status = readFileSync(`/proc/${name}/status`, 'utf8');
      const pids = /^NSpid:(.*)$/m.exec(status)?.[1]?.trim().split(/\s+/) ?? [];
      if (pids.length < 2 || pids.at(-1) !== String(pid) || /^State:\s+[ZX]/m.test(status)) return false;
      return readFileSync(`/proc/${name}/environ`, 'utf8')
        .split('\0')
        .some((entry) => entry.startsWith('DROVER_ATTEMPT='));
    } catch {
      return false; // It has just ended.
    }
  });
}

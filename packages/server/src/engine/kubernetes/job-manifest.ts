import type { AttemptOrder } from '../engine.ts';
import { attemptUrl, doorAddress } from './door/door-address.ts';
import type { EngineOptions } from './engine-options.ts';
import {
  ATTEMPT_LABEL,
  COURIER_CONTAINER,
  DRIVER_CONTAINER,
  ENDING_FILE,
  SERVER_LABEL,
  SHARED_FOLDER,
  SHARED_VOLUME,
} from './labels.ts';
import { formatCpus } from './quantity.ts';
import type { KubernetesSettings } from './settings.ts';

/** What a Job is made of beside the order. */
export interface JobParts {
  settings: KubernetesSettings;
  options: EngineOptions;
  serverId: string;
  /** By which the pod shows that it is the attempt's. */
  token: string;
  /** Text of `pod-supervisor.sh`. */
  supervisor: string;
  /** PEM of the authority that vouches for the server; null: none of its own. */
  serverCa: string | null;
}

/** The Job of an attempt, under a name that follows from the attempt's id. */
export interface JobManifest {
  [field: string]: unknown;
  apiVersion: 'batch/v1';
  kind: 'Job';
  metadata: { name: string; namespace: string; labels: Record<string, string>; annotations: Record<string, string> };
  spec: Record<string, unknown>;
}

/** Beyond the driver's grace: in it the courier delivers what is left. */
const DELIVERY_SECONDS = 15;
/** A node's courier that goes away, to be replaced by a newer one, say, is waited for so long before a pod ends without it. */
const NODE_COURIER_PATIENCE_S = 60;
const GONE_TAINTS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

export function jobManifest(order: AttemptOrder, parts: JobParts): JobManifest {
  const { settings, options, serverId } = parts;
  const template = settings.pod_template;
  const labels = { [SERVER_LABEL]: serverId, [ATTEMPT_LABEL]: order.attemptId };
  const annotations = {
    'drover.dev/job': order.jobId,
    'drover.dev/tenant': order.tenant,
    'drover.dev/queue': order.queue,
  };
  const label = order.poolLabels.find((name) => settings.pool_labels[name] !== undefined);
  const pool = label === undefined ? undefined : settings.pool_labels[label];
  const serviceAccount = settings.tenant_service_accounts[order.tenant] ?? settings.service_account;
  const spec = template.spec ?? {};
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: order.attemptId,
      namespace: settings.tenant_namespaces[order.tenant] ?? settings.namespace,
      labels,
      annotations,
    },
    spec: {
      backoffLimit: 0,
      template: {
        metadata: {
          labels: { ...template.metadata?.labels, ...labels },
          annotations: { ...template.metadata?.annotations, ...annotations },
        },
        spec: {
          ...spec,
          restartPolicy: 'Never',
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: Math.ceil(order.graceMs / 1000) + DELIVERY_SECONDS,
          ...(serviceAccount === null ? {} : { serviceAccountName: serviceAccount }),
          ...(options.priority_class === undefined ? {} : { priorityClassName: options.priority_class }),
          nodeSelector: {
            ...options.node_selector,
            ...spec.nodeSelector,
            ...pool?.node_selector,
          },
          tolerations: [
            ...(spec.tolerations ?? []),
            ...(pool?.tolerations ?? []),
            ...(options.tolerations ?? []),
            ...GONE_TAINTS.map((key) => goneToleration(key, settings.unreachable_toleration)),
          ],
          containers: [
            ...(settings.courier === 'pod' ? [courierContainer(order, parts)] : []),
            driverContainer(order, parts),
          ],
          volumes: [{ name: SHARED_VOLUME, emptyDir: {} }, ...(spec.volumes ?? [])],
        },
      },
    },
  };
}

function goneToleration(key: string, forMs: number | null) {
  const limit = forMs === null ? {} : { tolerationSeconds: Math.ceil(forMs / 1000) };
  return { key, operator: 'Exists', effect: 'NoExecute', ...limit };
}

function driverContainer({ attemptId, resources }: AttemptOrder, parts: JobParts) {
  const { settings, options, supervisor } = parts;
  const { driver = {} } = settings.pod_template;
  // One beside it never comes back, and hears by itself that the pod is being ended.
  const isServed = settings.courier === 'node';
  const args = isServed
    ? [`${NODE_COURIER_PATIENCE_S}`, attemptId, parts.token, doorAddress(settings.server_url)]
    : ['0'];
  const preStop = { exec: { command: ['/bin/sh', '-c', `true >${SHARED_FOLDER}/${ENDING_FILE}`] } };
  return {
    imagePullPolicy: 'IfNotPresent',
    ...driver,
    name: DRIVER_CONTAINER,
    image: options.image ?? settings.image,
    // Kubernetes puts variables in, and a dollar sign for two.
    command: ['/bin/sh', '-c', supervisor.replaceAll('$', () => '$$'), 'drover', SHARED_FOLDER, ...args],
    ...(isServed ? { lifecycle: { preStop } } : {}),
    // Where the runtime of the node shows all GPUs to whoever asks for none.
    env: resources.gpus === 0 ? [{ name: 'NVIDIA_VISIBLE_DEVICES', value: 'void' }] : [],
    resources: driverResources(resources, settings),
    volumeMounts: [{ name: SHARED_VOLUME, mountPath: SHARED_FOLDER }, ...(driver.volumeMounts ?? [])],
  };
}

function driverResources(resources: AttemptOrder['resources'], settings: KubernetesSettings) {
  const counted: Record<string, string> = {};
  if (resources.gpus > 0) counted[settings.gpu_resource] = `${resources.gpus}`;
  for (const [name, amount] of Object.entries(resources.custom)) {
    const resource = settings.custom_resources[name];
    if (resource !== undefined && amount > 0) counted[resource] = `${amount}`;
  }
  const memory = resources.memoryBytes > 0 ? { memory: `${resources.memoryBytes}` } : {};
  const cpu = resources.cpus > 0 ? { cpu: formatCpus(resources.cpus) } : {};
  // Processor time is set aside and not limited: what nobody uses is anybody's.
  return { requests: { ...cpu, ...memory, ...counted }, limits: { ...memory, ...counted } };
}

function courierContainer(order: AttemptOrder, { settings, token, serverCa }: JobParts) {
  const { courier = {} } = settings.pod_template;
  const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
  const memory = `${settings.courier_memory}`;
  return {
    imagePullPolicy: 'IfNotPresent',
    ...courier,
    name: COURIER_CONTAINER,
    image: settings.courier_image,
    command: settings.courier_command,
    env: [
      {
        name: 'DROVER_DOOR',
        value: attemptUrl(doorAddress(settings.server_url), order.attemptId),
      },
      { name: 'DROVER_ATTEMPT_TOKEN', value: token },
      field('DROVER_POD_UID', 'metadata.uid'),
      field('DROVER_NODE', 'spec.nodeName'),
      ...(serverCa === null ? [] : [{ name: 'DROVER_CA', value: serverCa }]),
    ],
    resources: { requests: { cpu: formatCpus(settings.courier_cpu), memory }, limits: { memory } },
    volumeMounts: [{ name: SHARED_VOLUME, mountPath: SHARED_FOLDER }, ...(courier.volumeMounts ?? [])],
  };
}

/** Why the order cannot be carried out on this engine at all, as a sentence; null where it can. */
export function findObstacle(order: AttemptOrder, settings: KubernetesSettings, options: EngineOptions): string | null {
  if ((options.image ?? settings.image) === null) return 'no image is named, and there is no default one';
  if (!Number.isInteger(order.resources.gpus)) return 'a part of a GPU cannot be asked of Kubernetes';
  const unknown = Object.keys(order.resources.custom).find((name) => settings.custom_resources[name] === undefined);
  if (unknown !== undefined) return `the engine has no resource '${unknown}' (custom_resources)`;
  return null;
}

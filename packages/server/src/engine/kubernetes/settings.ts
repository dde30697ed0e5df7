import { z } from 'zod';
import * as values from '../../config/value-schemas.ts';

const LABEL_VALUE = /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/;
const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

const nodeSelector = z.record(z.string().min(1), z.string().regex(LABEL_VALUE));

const toleration = z.strictObject({
  key: z.string().optional(),
  operator: z.enum(['Exists', 'Equal']).optional(),
  value: z.string().optional(),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
  tolerationSeconds: z.int().min(0).optional(),
});

const namespace = z.string().regex(NAMESPACE, 'a name that Kubernetes takes for a namespace');

/** What a job may set for itself, see `engine-options.ts`. */
export const JOB_OPTIONS = ['image', 'node_selector', 'tolerations', 'priority_class'] as const;

/** What may be said of each of the two containers. */
const container = z
  .strictObject({
    imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']),
    securityContext: z.looseObject({}),
    volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })),
  })
  .partial()
  .optional();

/** What may stand in `pod_template`: all that says how pods run, and nothing that says what. */
const podTemplate = z.strictObject({
  metadata: z
    .strictObject({ labels: z.record(z.string(), z.string()), annotations: z.record(z.string(), z.string()) })
    .partial()
    .optional(),
  spec: z
    .strictObject({
      affinity: z.looseObject({}),
      dnsConfig: z.looseObject({}),
      dnsPolicy: z.string(),
      hostAliases: z.array(z.looseObject({})),
      hostNetwork: z.boolean(),
      imagePullSecrets: z.array(z.strictObject({ name: z.string() })),
      nodeSelector,
      priorityClassName: z.string(),
      runtimeClassName: z.string(),
      schedulerName: z.string(),
      securityContext: z.looseObject({}),
      tolerations: z.array(toleration),
      topologySpreadConstraints: z.array(z.looseObject({})),
      volumes: z.array(z.looseObject({ name: z.string() })),
    })
    .partial()
    .optional(),
  driver: container.describe('Of the container that runs the driver.'),
  courier: container.describe('Of the container that talks to Drover.'),
});

const fields = z.strictObject({
  type: z.literal('kubernetes'),
  kubeconfig: values.text
    .nullable()
    .default(null)
    .describe('Path of a kubeconfig. Default: none, this server runs in a pod and uses its service account.'),
  context: values.text.nullable().default(null).describe('Context of the kubeconfig. Default: its current one.'),
  namespace: namespace.default('default').describe('Where Jobs are made.'),
  tenant_namespaces: z
    .record(z.string(), namespace)
    .default({})
    .describe('Namespaces of tenants that have one of their own, by the name of the tenant. They exist already.'),
  service_account: values.text
    .nullable()
    .default(null)
    .describe('Service account of the pods; its token is not given to them. Default: that of the namespace.'),
  tenant_service_accounts: z.record(z.string(), z.string()).default({}).describe('Of single tenants, by their name.'),
  server_url: z
    .url({ protocol: /^https?$/ })
    .describe('Under which pods reach this server, such as `http://drover.drover.svc:8888`.'),
  server_ca_file: values.text
    .nullable()
    .default(null)
    .describe('PEM file of the authority that vouches for `server_url`. Default: those that Node trusts.'),
  image: values.text.nullable().default(null).describe('Image of jobs that name none. Default: none, they must.'),
  allowed_images: values.list
    .default(['*'])
    .describe('Images that jobs may name; `*` stands for any text. Default: all.'),
  allowed_options: z
    .array(z.enum(JOB_OPTIONS))
    .default(['image'])
    .describe(
      `What jobs may set for themselves: ${JOB_OPTIONS.map((name) => `\`${name}\``).join(', ')}. Default: \`image\`.`,
    ),
  courier: z
    .enum(['pod', 'node'])
    .default('pod')
    .describe(
      'Who talks to this server: a courier beside each driver (`pod`), or one for all pods of a node, which `deploy/kubernetes/courier.yaml` puts there (`node`).',
    ),
  courier_image: values.text
    .nullable()
    .default(null)
    .describe(
      'Image with Drover in it, as `deploy/Containerfile` makes it. With `courier: pod`, which needs it, it runs beside each driver.',
    ),
  courier_command: z
    .array(z.string())
    .min(1)
    .default(['/usr/local/bin/node', '/opt/drover/node_modules/drover/dist/engine/kubernetes/courier/main.js'])
    .describe('What it runs. Default: where `deploy/Containerfile` puts it.'),
  courier_cpu: values.amount.default(0.01).describe('Cores that are set aside for it.'),
  courier_memory: values.size.default(64 * 2 ** 20).describe('Memory that it may take. Default: 64MiB.'),
  pool_labels: z
    .record(
      z.string(),
      z.strictObject({ node_selector: nodeSelector.default({}), tolerations: z.array(toleration).default([]) }),
    )
    .default({})
    .describe(
      'What resource pool labels (`X-Pool-Label`) stand for: labels that nodes must have, and taints that do not matter; the first label of a job that is in the table counts.',
    ),
  gpu_resource: values.text.default('nvidia.com/gpu').describe('What Kubernetes calls a GPU.'),
  custom_resources: z
    .record(z.string(), z.string())
    .default({})
    .describe('What Kubernetes calls a custom resource, by the name that jobs use.'),
  pod_template: podTemplate.default({}).describe('Added to each pod; see the documentation for what may stand in it.'),
  max_running: values
    .wholeNumber(1)
    .default(1_000)
    .describe('Jobs that the cluster is given at the same time, those that wait there included.'),
  start_patience: values.duration
    .default(120_000)
    .describe(
      'A pod that says that it can never begin (its image has no valid name, say) is given up after so long. Default: 2m.',
    ),
  unreachable_toleration: values.duration
    .nullable()
    .default(null)
    .describe(
      'Kubernetes gives up pods of a node that does not answer after so long, while their drivers may go on. Default: never, as a pod of another node would be refused anyway.',
    ),
});

/** Settings of an engine that runs drivers as Jobs of a Kubernetes cluster. */
export const kubernetesSettings = fields.refine(
  ({ courier, courier_image }) => courier === 'node' || courier_image !== null,
  {
    path: ['courier_image'],
    error: 'must be given where a courier runs beside each driver (courier: pod)',
  },
);

export type KubernetesSettings = z.infer<typeof kubernetesSettings>;

import { expect, it } from 'vitest';
import { findObstacle, jobManifest } from '../../../src/engine/kubernetes/job-manifest.ts';
import { kubernetesSettings } from '../../../src/engine/kubernetes/settings.ts';
import { NO_RESOURCES } from '../../../src/job/resources.ts';
import { orderFor } from '../orders.ts';

const settings = kubernetesSettings.parse({
  type: 'kubernetes',
  server_url: 'https://drover.example/',
  courier_image: 'registry/drover:1',
  image: 'python:3.13',
  namespace: 'jobs',
  tenant_namespaces: { physics: 'jobs-physics' },
  tenant_service_accounts: { physics: 'physicist' },
  custom_resources: { NPU: 'vendor.com/npu' },
  pool_labels: {
    big: { node_selector: { size: 'big' }, tolerations: [{ key: 'big', operator: 'Exists' }] },
    fast: { node_selector: { disk: 'fast' } },
  },
  pod_template: { spec: { securityContext: { runAsNonRoot: true } }, driver: { securityContext: { runAsUser: 1000 } } },
});

const parts = {
  settings,
  options: {},
  serverId: 'server-1',
  token: 'secret',
  supervisor: 'echo "$1" $$',
  serverCa: null,
};
const podOf = (order = orderFor('true'), more: object = {}) => {
  const manifest = jobManifest(order, { ...parts, ...more });
  return JSON.parse(JSON.stringify(manifest)).spec.template.spec;
};

it('names a Job after its attempt, in the namespace and with the account of the tenant', () => {
  const order = orderFor('true', { tenant: 'physics' });
  const { metadata } = jobManifest(order, parts);
  expect(metadata).toMatchObject({ name: order.attemptId, namespace: 'jobs-physics' });
  expect(metadata.labels).toEqual({ 'drover.dev/server': 'server-1', 'drover.dev/attempt': order.attemptId });
  expect(podOf(order).serviceAccountName).toBe('physicist');
  expect(jobManifest(orderFor('true'), parts).metadata.namespace).toBe('jobs');
});

it('lets pods run once, without the rights of their account', () => {
  expect(jobManifest(orderFor('true'), parts).spec.backoffLimit).toBe(0);
  expect(podOf()).toMatchObject({
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: { runAsNonRoot: true },
  });
});

it('keeps the job and its variables out of what others can read in the cluster', () => {
  const order = orderFor('echo private-entrypoint', { variables: { PASSWORD: 'private-value' } });
  const text = JSON.stringify(jobManifest(order, parts));
  expect(text).not.toContain('private-');
});

it('asks for what the job asks for, and limits what can be limited without harm', () => {
  const resources = { cpus: 1.5, gpus: 2, memoryBytes: 2 ** 30, custom: { NPU: 1 } };
  const [, driver] = podOf(orderFor('true', { resources })).containers;
  expect(driver.resources).toEqual({
    requests: { cpu: '1500m', memory: '1073741824', 'nvidia.com/gpu': '2', 'vendor.com/npu': '1' },
    limits: { memory: '1073741824', 'nvidia.com/gpu': '2', 'vendor.com/npu': '1' },
  });
  expect(podOf().containers[1].resources).toEqual({ requests: {}, limits: {} });
});

it('takes the first pool label that it knows', () => {
  const pod = podOf(orderFor('true', { poolLabels: ['unknown', 'big', 'fast'] }));
  expect(pod.nodeSelector).toEqual({ size: 'big' });
  expect(pod.tolerations).toContainEqual({ key: 'big', operator: 'Exists' });
});

it("puts the administrator's labels above the job's", () => {
  const order = orderFor('true', { poolLabels: ['big'] });
  const options = { node_selector: { size: 'small', zone: 'a' }, image: 'own:1' };
  const pod = podOf(order, { options });
  expect(pod.nodeSelector).toEqual({ size: 'big', zone: 'a' });
  expect(pod.containers[1]).toMatchObject({ image: 'own:1', securityContext: { runAsUser: 1000 } });
});

it('has pods stay on a node that does not answer, for ever or as long as it is set', () => {
  const key = 'node.kubernetes.io/unreachable';
  const toleration = { key, operator: 'Exists', effect: 'NoExecute' };
  expect(podOf().tolerations).toContainEqual(toleration);
  const impatient = { settings: { ...settings, unreachable_toleration: 1500 } };
  expect(podOf(orderFor('true'), impatient).tolerations).toContainEqual({ ...toleration, tolerationSeconds: 2 });
});

it('passes the script on as it is: Kubernetes takes two dollar signs for one', () => {
  expect(podOf().containers[1].command).toEqual(['/bin/sh', '-c', 'echo "$$1" $$$$', 'drover', '/drover', '0']);
});

it('lets Kubernetes wait for the grace of the driver, and for the rest of its output', () => {
  expect(podOf(orderFor('true', { graceMs: 4001 })).terminationGracePeriodSeconds).toBe(20);
});

it.each([
  [{}, null],
  [{ resources: { ...NO_RESOURCES, gpus: 0.5 } }, 'a part of a GPU cannot be asked of Kubernetes'],
  [{ resources: { ...NO_RESOURCES, custom: { TPU: 1 } } }, "the engine has no resource 'TPU' (custom_resources)"],
])('of an order with %j it says %j', (details, said) => {
  expect(findObstacle(orderFor('true', details), settings, {})).toEqual(said);
});

it('gives a pod whose node has a courier one container, which shows for whom it works and says when it is ended', () => {
  const order = orderFor('true');
  const pod = podOf(order, { settings: { ...settings, courier: 'node' } });
  expect(pod.containers).toHaveLength(1);
  const [driver] = pod.containers;
  expect(driver.command.slice(3)).toEqual([
    'drover',
    '/drover',
    '60',
    order.attemptId,
    'secret',
    'https://drover.example',
  ]);
  expect(driver.lifecycle).toEqual({ preStop: { exec: { command: ['/bin/sh', '-c', 'true >/drover/ending'] } } });
  expect(pod.volumes).toEqual([{ name: 'drover', emptyDir: {} }]);
});

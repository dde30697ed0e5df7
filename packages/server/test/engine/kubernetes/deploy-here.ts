import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { Manifest } from './deployed.ts';

/*
 * What differs between the manifests of `deploy/` and a test cluster: it has no names of services, no volumes to claim and no tokens in pods,
 * and its apiserver is found from the network of this machine alone.
 */

const container = z.looseObject({ env: z.array(z.looseObject({ name: z.string() })).default([]) });
const mounted = container.extend({ volumeMounts: z.array(z.unknown()), ports: z.array(z.looseObject({})) });
const workload = <Container extends z.ZodType>(containers: Container) =>
  z.looseObject({
    spec: z.looseObject({
      template: z.looseObject({
        spec: z.looseObject({ volumes: z.array(z.unknown()), containers: z.tuple([containers]) }),
      }),
    }),
  });
const configurationSchema = z.looseObject({
  data: z.object({ 'drover.yaml': z.string() }),
});
const droverSchema = z.looseObject({ engines: z.object({ pods: z.looseObject({}) }) });

/**
 * A manifest of `server.yaml`.
 *
 * @param where `address` is of the server, to clients and pods
 */
export function serverHere(manifest: Manifest, { address, apiserver }: { address: string; apiserver: URL }): Manifest {
  if (manifest.kind === 'ConfigMap') {
    const drover = droverSchema.parse(parse(configurationSchema.parse(manifest).data['drover.yaml']));
    const pods = { ...drover.engines.pods, server_url: address, image: 'localhost/debian:1' };
    const engines = { pods, shared: { ...pods, courier: 'node' } };
    const text = stringify({ ...drover, port: Number(new URL(address).port), engines });
    return { ...manifest, data: { 'drover.yaml': text } };
  }
  if (manifest.kind !== 'StatefulSet') return manifest;
  const { spec } = workload(mounted).parse(manifest);
  const { template, volumeClaimTemplates, ...set } = spec;
  const [server] = template.spec.containers;
  const folder = '/var/run/secrets/kubernetes.io/serviceaccount';
  const env = { KUBERNETES_SERVICE_HOST: apiserver.hostname, KUBERNETES_SERVICE_PORT: apiserver.port };
  const here = {
    ...server,
    env: [...server.env, ...Object.entries(env).map(([name, value]) => ({ name, value }))],
    ports: server.ports.map((port) => ({ ...port, containerPort: Number(new URL(address).port) })),
    volumeMounts: [...server.volumeMounts, { name: 'account', mountPath: folder, readOnly: true }],
  };
  const volumes = [
    ...template.spec.volumes,
    { name: 'data', emptyDir: {} },
    { name: 'account', secret: { secretName: 'drover-account', defaultMode: 0o440 } },
  ];
  const pod = { ...template.spec, hostNetwork: true, containers: [here], volumes };
  return { ...manifest, spec: { ...set, template: { ...template, spec: pod } } };
}

/** The manifest of `courier.yaml`. @param address of the server */
export function courierHere(manifest: Manifest, address: string): Manifest {
  const { spec } = workload(container).parse(manifest);
  const [courier] = spec.template.spec.containers;
  const env = courier.env.map((entry) =>
    entry.name === 'DROVER_SERVER' ? { name: entry.name, value: address } : entry,
  );
  // The class is for the namespace kube-system alone here.
  const pod = { ...spec.template.spec, priorityClassName: undefined, containers: [{ ...courier, env }] };
  return { ...manifest, spec: { ...spec, template: { ...spec.template, spec: pod } } };
}

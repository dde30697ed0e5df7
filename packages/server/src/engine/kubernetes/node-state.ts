import { z } from 'zod';
import type { EngineCapacity, EngineNode } from '../engine.ts';
import { parseQuantity } from './quantity.ts';
import type { KubernetesSettings } from './settings.ts';

const nodeSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({ unschedulable: z.boolean().default(false) }).prefault({}),
  status: z
    .looseObject({
      allocatable: z.record(z.string(), z.string()).default({}),
      addresses: z.array(z.looseObject({ type: z.string(), address: z.string() })).default([]),
      conditions: z
        .array(z.looseObject({ type: z.string(), status: z.string(), message: z.string().default('') }))
        .default([]),
    })
    .prefault({}),
});

/** Reads a node of the API; null where it is none. */
export function readNode(
  object: unknown,
  { gpu_resource: gpu, custom_resources: customNames }: Pick<KubernetesSettings, 'gpu_resource' | 'custom_resources'>,
): EngineNode | null {
  const parsed = nodeSchema.safeParse(object);
  if (!parsed.success) return null;
  const { metadata, spec, status } = parsed.data;
  const amountOf = (resource: string) => parseQuantity(status.allocatable[resource] ?? '0');
  const ready = status.conditions.find(({ type }) => type === 'Ready');
  const isReady = ready?.status === 'True';
  return {
    name: metadata.name,
    address: status.addresses.find(({ type }) => type === 'InternalIP')?.address ?? metadata.name,
    cpus: amountOf('cpu'),
    memoryBytes: amountOf('memory'),
    gpus: amountOf(gpu),
    custom: Object.fromEntries(
      Object.entries(customNames)
        .map(([name, resource]): [string, number] => [name, amountOf(resource)])
        .filter(([, amount]) => amount > 0),
    ),
    state: isReady ? (spec.unschedulable ? 'Ready, cordoned' : 'Ready') : 'NotReady',
    trouble: !isReady
      ? `it is not ready${ready === undefined || ready.message === '' ? '' : `: ${ready.message}`}`
      : spec.unschedulable
        ? 'it is cordoned'
        : null,
  };
}

/** What all nodes have together that pods can begin on. */
export function capacityOf(nodes: Iterable<EngineNode>): EngineCapacity {
  let cpus = 0;
  let memoryBytes = 0;
  const gpuIds: string[] = [];
  const custom: Record<string, number> = {};
  for (const node of nodes) {
    if (node.trouble !== null) continue;
    cpus += node.cpus;
    memoryBytes += node.memoryBytes;
    for (let index = 0; index < node.gpus; index += 1) gpuIds.push(`${node.name}/${index}`);
    for (const [name, amount] of Object.entries(node.custom)) custom[name] = (custom[name] ?? 0) + amount;
  }
  return { cpus, memoryBytes, gpuIds, custom };
}

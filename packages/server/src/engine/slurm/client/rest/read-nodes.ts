import { z } from 'zod';
import type { EngineNode } from '../../../engine.ts';
import { describeNode } from '../node-words.ts';
import { numberOf, slurmNumber } from './read-job.ts';

const texts = z.union([z.string(), z.array(z.string())]).nullish();

const node = z.looseObject({
  name: z.string(),
  address: z.string().nullish(),
  cpus: slurmNumber,
  real_memory: slurmNumber,
  gres: z.string().nullish(),
  state: texts,
  state_flags: z.array(z.string()).nullish(),
  reason: z.string().nullish(),
  partitions: z.array(z.string()).nullish(),
});

/** Reads a node of `GET /nodes`, in the shape of any version. Throws where it is none. */
export function readNode(value: unknown): EngineNode {
  const read = node.parse(value);
  const states = typeof read.state === 'string' ? [read.state] : (read.state ?? []);
  return describeNode({
    name: read.name,
    address: read.address ?? '',
    cpus: numberOf(read.cpus) ?? 0,
    memoryMb: numberOf(read.real_memory) ?? 0,
    gres: read.gres ?? '',
    state: [...states, ...(read.state_flags ?? [])].join('+').toLowerCase(),
    reason: read.reason ?? '',
  });
}

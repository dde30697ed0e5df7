import { readdirSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import type { EngineCapacity } from '../../engine.ts';
import { errorCode } from '../../record/error-code.ts';
import type { CgroupMount } from '../cgroups/mounts.ts';
import { cpuQuota, memoryLimitBytes } from './own-limits.ts';

/** What the configuration says of this machine; null where it is to be found out. */
export interface CapacityOverrides {
  cpus: number | null;
  memoryBytes: number | null;
  gpuIds: readonly string[] | null;
  custom: Readonly<Record<string, number>>;
}

/** What jobs can have of this machine in all: what was configured, else what is found, limits on this server included. */
export function findCapacity(overrides: CapacityOverrides, mounts: readonly CgroupMount[]): EngineCapacity {
  return {
    cpus: overrides.cpus ?? Math.min(availableParallelism(), cpuQuota(mounts)),
    memoryBytes: overrides.memoryBytes ?? Math.min(totalmem(), memoryLimitBytes(mounts)),
    gpuIds: overrides.gpuIds ?? findGpuIds(),
    custom: overrides.custom,
  };
}

/** The NVIDIA devices of this machine as `CUDA_VISIBLE_DEVICES` names them: by index. */
function findGpuIds(): string[] {
  const numbers = namesIn('/dev').flatMap((name) => /^nvidia(\d+)$/.exec(name)?.[1] ?? []);
  if (numbers.length > 0) return numbers.sort((a, b) => Number(a) - Number(b));
  return namesIn('/proc/driver/nvidia/gpus').map((_, index) => String(index));
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

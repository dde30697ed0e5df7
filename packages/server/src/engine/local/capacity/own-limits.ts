import { dirname, join } from 'node:path';
import { readTextIfThere } from '../../record/read-text.ts';
import type { CgroupMount } from '../cgroups/mounts.ts';

/** Cores that the cgroups around this server leave it; Infinity without a quota. */
export function cpuQuota(mounts: readonly CgroupMount[]): number {
  return smallest(mounts, (directory, version) => {
    if (version === 2) return ratio(readTextIfThere(join(directory, 'cpu.max'))?.split(' '));
    return ratio([
      readTextIfThere(join(directory, 'cpu.cfs_quota_us')) ?? '',
      readTextIfThere(join(directory, 'cpu.cfs_period_us')) ?? '',
    ]);
  });
}

/** Memory that the cgroups around this server leave it; Infinity without a limit. */
export function memoryLimitBytes(mounts: readonly CgroupMount[]): number {
  return smallest(mounts, (directory, version) => {
    const text = readTextIfThere(join(directory, version === 2 ? 'memory.max' : 'memory.limit_in_bytes'));
    return positive(Number.parseInt(text ?? '', 10));
  });
}

/** Limits of the server's own cgroup and of those around it. */
function smallest(mounts: readonly CgroupMount[], read: (directory: string, version: 1 | 2) => number): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { mountPoint, ownDirectory, version } of mounts) {
    for (let directory = ownDirectory; directory.startsWith(mountPoint); directory = dirname(directory)) {
      least = Math.min(least, read(directory, version));
    }
  }
  return least;
}

/** `max` and -1 stand for no quota. */
function ratio([quota, period]: string[] = []): number {
  return positive(Number.parseInt(quota ?? '', 10) / Number.parseInt(period ?? '', 10));
}

function positive(value: number): number {
  return value > 0 ? value : Number.POSITIVE_INFINITY;
}

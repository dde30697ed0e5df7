import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../record/error-code.ts';
import { readTextIfThere } from '../../record/read-text.ts';

const CPU_PERIOD_US = 100_000;
/** The least that the kernel takes. */
const CPU_QUOTA_MIN_US = 1000;

/** Limits the memory of a cgroup, swap included where swap is accounted. */
export function limitMemory(directory: string, version: 1 | 2, memoryBytes: number): void {
  const bytes = String(Math.floor(memoryBytes));
  if (version === 2) {
    writeFileSync(join(directory, 'memory.max'), bytes);
    writeIfPresent(join(directory, 'memory.swap.max'), '0');
  } else {
    writeFileSync(join(directory, 'memory.limit_in_bytes'), bytes);
    writeIfPresent(join(directory, 'memory.memsw.limit_in_bytes'), bytes);
  }
}

/** Limits the processor time of a cgroup to that of `cpus` cores, fractions allowed. */
export function limitCpu(directory: string, version: 1 | 2, cpus: number): void {
  const quota = String(Math.max(CPU_QUOTA_MIN_US, Math.round(cpus * CPU_PERIOD_US)));
  try {
    if (version === 2) {
      writeFileSync(join(directory, 'cpu.max'), `${quota} ${CPU_PERIOD_US}`);
    } else {
      writeFileSync(join(directory, 'cpu.cfs_period_us'), String(CPU_PERIOD_US));
      writeFileSync(join(directory, 'cpu.cfs_quota_us'), quota);
    }
  } catch (error) {
    // v1 refuses a quota above that of a cgroup further up, which then is the narrower one anyway.
    if (errorCode(error) !== 'EINVAL') throw error;
  }
}

/** Whether the kernel killed a process because one of these cgroups reached its memory limit. */
export function sawOutOfMemoryKill(directories: readonly string[]): boolean {
  return directories.some((directory) => {
    const events =
      readTextIfThere(join(directory, 'memory.events')) ?? readTextIfThere(join(directory, 'memory.oom_control'));
    return events !== null && /^oom_kill [1-9]/m.test(events);
  });
}

function writeIfPresent(path: string, text: string): void {
  if (existsSync(path)) writeFileSync(path, text);
}

import { readFileSync, writeFileSync } from 'node:fs';

/** Growth of a process's memory from a moment on, in MiB. Linux keeps the peak, so that none is missed between two looks. */
export interface PeakMemory {
  /** Resident, above what it was at that moment, at the highest. */
  growthMiB(): number;
}

/** Begins anew: what the peak was before is forgotten. */
export function watchPeak(pid: number | 'self'): PeakMemory {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  const before = statusMiB(pid, 'VmRSS');
  return { growthMiB: () => statusMiB(pid, 'VmHWM') - before };
}

function statusMiB(pid: number | 'self', field: string): number {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (match?.[1] === undefined) throw new Error(`process ${pid} has no ${field}`);
  return Number(match[1]) / 1024;
}

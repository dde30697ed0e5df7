import type { AttemptPaths } from '../attempt-directory.ts';
import { cgroupsOfOrder } from '../order/order-file.ts';
import { findAttemptCgroups } from './cgroups/attempt-cgroups.ts';
import { cgroupTree } from './cgroups/cgroup-tree.ts';
import { sawOutOfMemoryKill } from './cgroups/limits.ts';
import type { CgroupLayout } from './cgroups/open-cgroups.ts';
import type { AttemptMarks } from './processes/members.ts';
import type { ProcessTree } from './processes/process-tree.ts';
import type { Sweeper } from './processes/sweeper.ts';
import { sweptTree } from './processes/swept-tree.ts';

/** An attempt's processes, and what its cgroups know of it. */
export interface AttemptTree {
  processes: ProcessTree;
  sawOutOfMemoryKill(): boolean;
}

/**
 * Finds out by what an attempt's processes are held: the cgroups that its order names (they may be those of a server
 * that was allowed other ones), else the marks of its processes.
 *
 * @param cgroups where they are known, for they were just made
 */
export function attemptTree(
  paths: AttemptPaths,
  marks: () => AttemptMarks,
  cgroups: readonly string[] | null,
  layout: CgroupLayout | null,
  sweeper: Sweeper,
): AttemptTree {
  let known = cgroups ?? cgroupsOfOrder(paths.order);
  if (known.length === 0 && layout) known = findAttemptCgroups(layout, marks().attemptId);
  const [membership, ...others] = known;
  if (membership === undefined) return { processes: sweptTree(sweeper, marks), sawOutOfMemoryKill: () => false };
  return {
    processes: cgroupTree([membership, ...others]),
    sawOutOfMemoryKill: () => sawOutOfMemoryKill([membership, ...others]),
  };
}

import { rmdirSync } from 'node:fs';
import { errorCode } from '../../record/error-code.ts';
import type { ProcessTree } from '../processes/process-tree.ts';
import { askToEnd } from '../processes/signal.ts';
import { cgroupsBelow, childrenOf, pidsBelow } from './contents.ts';
import { thaw } from './freezer.ts';
import { killCgroup } from './kill-cgroup.ts';

/**
 * An attempt's processes, held by cgroups.
 *
 * @param directories the cgroups of the attempt; the first holds all its processes, the others only limit them
 */
export function cgroupTree(directories: readonly [string, ...string[]]): ProcessTree {
  const [membership] = directories;

  return {
    async terminate(signal) {
      for (const pid of pidsBelow(membership)) askToEnd(pid, signal);
      // Also what a server froze to kill it, and then died.
      for (const cgroup of cgroupsBelow(membership)) thaw(cgroup);
    },

    kill: () => killCgroup(membership),

    isEmpty() {
      // The kernel refuses to remove a cgroup that holds a process: one call for an attempt that left nothing.
      return directories.every(removeIfEmpty);
    },
  };
}

/** True if the cgroup is gone. */
function removeIfEmpty(directory: string): boolean {
  try {
    rmdirSync(directory);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') return true;
    if (code !== 'EBUSY' && code !== 'ENOTEMPTY') throw error;
  }
  const children = childrenOf(directory);
  return children.length > 0 && children.every(removeIfEmpty) && removeIfEmpty(directory);
}

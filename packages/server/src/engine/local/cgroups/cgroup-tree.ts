import { existsSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../record/error-code.ts';
import { readTextIfThere } from '../../record/read-text.ts';
import type { ProcessTree } from '../processes/process-tree.ts';
import { signalProcess } from '../processes/signal.ts';

/**
 * An attempt's processes, held by cgroups.
 *
 * @param directories the cgroups of the attempt; the first holds all its processes, the others only limit them
 */
export function cgroupTree(directories: readonly [string, ...string[]]): ProcessTree {
  const [membership] = directories;

  return {
    async terminate(signal) {
      for (const pid of pidsBelow(membership)) signalProcess(pid, signal);
    },

    async kill() {
      if (existsSync(join(membership, 'cgroup.kill'))) writeIfThere(join(membership, 'cgroup.kill'), '1');
      else killFrozen(membership);
    },

    isEmpty() {
      // The kernel refuses to remove a cgroup that holds a process: one call for an attempt that left nothing.
      return directories.every(removeIfEmpty);
    },
  };
}

/** Before Linux 5.14, and in v1: nothing of it may fork while it is killed, which its freezer sees to if it has one. */
function killFrozen(directory: string): void {
  const freezer = join(directory, 'freezer.state');
  const canFreeze = existsSync(freezer);
  if (canFreeze) writeIfThere(freezer, 'FROZEN');
  for (const pid of pidsBelow(directory)) signalProcess(pid, 'SIGKILL');
  if (canFreeze) writeIfThere(freezer, 'THAWED');
}

/** Processes of a cgroup and of those that the driver made in it. 0 stands for one of another pid namespace. */
function pidsBelow(directory: string): number[] {
  const own = (readTextIfThere(join(directory, 'cgroup.procs')) ?? '').split('\n').map(Number);
  return [...own.filter((pid) => pid > 0), ...childrenOf(directory).flatMap(pidsBelow)];
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

function childrenOf(directory: string): string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => join(directory, entry.name));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

function writeIfThere(path: string, text: string): void {
  try {
    // Without O_CREAT, which a cgroup file system answers with EACCES where the cgroup has gone.
    writeFileSync(path, text, { flag: 'r+' });
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ENODEV') throw error;
  }
}

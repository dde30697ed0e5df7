import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../record/error-code.ts';
import { readTextIfThere } from '../../record/read-text.ts';

/** The cgroups that lie directly in one; none where it has gone. */
export function childrenOf(directory: string): string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => join(directory, entry.name));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** A cgroup, and those that the driver made in it. */
export function cgroupsBelow(directory: string): string[] {
  return [directory, ...childrenOf(directory).flatMap(cgroupsBelow)];
}

/** Processes of a cgroup and of those below it. The kernel's 0 for one of another pid namespace is left out. */
export function pidsBelow(directory: string): number[] {
  return cgroupsBelow(directory).flatMap((cgroup) =>
    (readTextIfThere(join(cgroup, 'cgroup.procs')) ?? '')
      .split('\n')
      .map(Number)
      .filter((pid) => pid > 0),
  );
}

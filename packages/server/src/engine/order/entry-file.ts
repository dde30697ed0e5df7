import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The file that a process with one thread writes `0` to, so as to enter a cgroup. The `tasks` of v1 moves that thread alone, at
 * once; `cgroup.procs` makes the kernel wait until no process can fork, 12 to 17 ms on an idle machine.
 */
export function entryFile(directory: string): string {
  const tasks = join(directory, 'tasks');
  return existsSync(tasks) ? tasks : join(directory, 'cgroup.procs');
}

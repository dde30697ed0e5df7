import { existsSync, globSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';

/**
 * Every process of the jobs on a node of a test cluster: its slurmstepd, what they started, and what is in the node's cgroups. They
 * outlive their slurmd, as they would on a machine whose slurmd alone has crashed.
 */
export function listJobProcesses(slurmConf: string, node: string): number[] {
  const parents = new Map<number, number>();
  const found = new Set(listInCgroups(node));
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? read(`/proc/${pid}/stat`) : null;
    if (stat === null) continue;
    parents.set(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    if (!stat.includes('(slurmstepd)')) continue;
    const variables = (read(`/proc/${pid}/environ`) ?? '').split('\0');
    if (variables.includes(`SLURM_CONF=${slurmConf}`) && variables.includes(`${NODE_VARIABLE}=${node}`)) found.add(pid);
  }
  for (let size = 0; size !== found.size; ) {
    size = found.size;
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

/** Tells the slurmd of one node, and what it starts, from those of others. */
export const NODE_VARIABLE = 'DROVER_TEST_NODE';

/** Ends a node's jobs as a power cut would. */
export function killJobProcesses(slurmConf: string, node: string): void {
  for (const pid of listJobProcesses(slurmConf, node)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

/** Removes the cgroups of a node that has ended; those with a process in them stay. */
export function removeCgroups(node: string): void {
  for (const root of cgroupsOf(node)) {
    const inner = globSync(`${root}/**/`).toSorted((a, b) => b.length - a.length);
    for (const directory of [...inner, root]) {
      try {
        rmdirSync(directory);
      } catch {
        // Still in use, or gone.
      }
    }
  }
}

function listInCgroups(node: string): number[] {
  return cgroupsOf(node)
    .flatMap((root) => globSync(`${root}/**/cgroup.procs`))
    .flatMap((file) => (read(file) ?? '').split('\n').filter(Boolean).map(Number));
}

function cgroupsOf(node: string): string[] {
  return globSync(`/sys/fs/cgroup/*/slurm_${node}`).filter((path) => existsSync(path));
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

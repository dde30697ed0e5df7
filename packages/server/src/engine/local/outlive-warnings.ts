import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { CgroupMount } from './cgroups/mounts.ts';
import { readProcess } from './processes/process-entry.ts';

/** Inode number of the first pid namespace of every Linux machine (PROC_PID_INIT_INO). */
const FIRST_PID_NAMESPACE = '4026531836';

export interface ServerSurroundings {
  pidNamespace: string;
  mounts: readonly CgroupMount[];
  environment: Readonly<Record<string, string | undefined>>;
}

/** Why drivers could not outlive this server, in sentences for its operator; empty where they can. */
export async function findOutliveWarnings(surroundings: ServerSurroundings): Promise<string[]> {
  if (process.pid === 1) {
    return [
      'this server is PID 1: when it ends, the kernel ends every driver; start it below an init process that stays',
    ];
  }
  if (surroundings.pidNamespace !== FIRST_PID_NAMESPACE && descendsFromInit(process.ppid)) {
    return ['this server was started by PID 1 of a container: when the container ends with it, so does every driver'];
  }
  const unit = serviceUnit(surroundings);
  const killMode = unit === null ? 'none' : await readKillMode(unit);
  if (unit === null || killMode === 'process' || killMode === 'none') return [];
  return [
    `systemd ends all processes of ${unit} when the service stops (KillMode=${killMode ?? 'control-group, if not set'}), drivers included; set KillMode=process`,
  ];
}

/** Whether PID 1 is the parent, or only shells and the like are between. */
function descendsFromInit(parentPid: number): boolean {
  for (let pid = parentPid, depth = 0; depth < 4; depth += 1) {
    if (pid === 1) return true;
    const parent = readProcess(pid)?.parentPid;
    if (parent === undefined || parent === 0) return false;
    pid = parent;
  }
  return false;
}

/** The service that this server is the main process of, or was started by. */
function serviceUnit({ mounts, environment }: ServerSurroundings): string | null {
  if (environment.INVOCATION_ID === undefined) return null;
  for (const { ownDirectory } of mounts) {
    const unit = /\/([^/]+\.service)(\/|$)/.exec(ownDirectory)?.[1];
    if (unit !== undefined && !unit.startsWith('user@')) return unit;
  }
  return null;
}

/** Null where systemd does not say. */
async function readKillMode(unit: string): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('systemctl', ['show', '-P', 'KillMode', unit], { timeout: 2000 });
    return stdout.trim() || null;
  } catch {
    return null; // A service of the user's manager, or no systemctl: the warning stands.
  }
}

import type { ProcessIdentity } from '../../record/grammar.ts';
import { readTextIfThere } from '../../record/read-text.ts';

/** A live process, as `/proc/PID/stat` shows it. */
export interface ProcessEntry extends ProcessIdentity {
  parentPid: number;
  groupId: number;
  sessionId: number;
}

/** Null where no process has the pid, or only a zombie: where PID 1 does not reap, zombies stay for ever. */
export function readProcess(pid: number): ProcessEntry | null {
  const stat = readTextIfThere(`/proc/${pid}/stat`);
  return stat === null ? null : parseStat(stat);
}

/** Reads the text of `/proc/PID/stat` (proc(5)). The name in the second field may hold anything, `) ` included. */
export function parseStat(stat: string): ProcessEntry | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parentPid, groupId, sessionId] = fields;
  const startTicks = fields[19];
  if (startTicks === undefined || state === 'Z' || state === 'X' || state === 'x') return null;
  return {
    pid: Number.parseInt(stat, 10),
    startTicks: Number(startTicks),
    parentPid: Number(parentPid),
    groupId: Number(groupId),
    sessionId: Number(sessionId),
  };
}

/** Whether the very process runs, and not another that was given its pid. */
export function isAlive(identity: ProcessIdentity): boolean {
  return readProcess(identity.pid)?.startTicks === identity.startTicks;
}

/** `pid:startTicks` of a process. */
export function identityKey(identity: ProcessIdentity): string {
  return `${identity.pid}:${identity.startTicks}`;
}

import { errorCode } from '../../record/error-code.ts';
import type { ProcessIdentity } from '../../record/grammar.ts';
import { readTextIfThere } from '../../record/read-text.ts';

/** A live process, as `/proc/PID/stat` shows it. */
export interface ProcessEntry extends ProcessIdentity {
  parentPid: number;
  groupId: number;
  sessionId: number;
}

/**
 * A file of a process in `/proc`; null where the process has gone, and where it is another's: its files may be closed to us, and
 * with `hidepid` all of them are.
 */
export function readOfProcess(pid: number, file: string): string | null {
  try {
    return readTextIfThere(`/proc/${pid}/${file}`);
  } catch (error) {
    if (errorCode(error) === 'EACCES' || errorCode(error) === 'EPERM') return null;
    throw error;
  }
}

/** Null where no process that we may see has the pid, or only a zombie: where PID 1 does not reap, zombies stay for ever. */
export function readProcess(pid: number): ProcessEntry | null {
  const stat = readOfProcess(pid, 'stat');
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

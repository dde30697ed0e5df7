import { setImmediate as nextTurn } from 'node:timers/promises';
import { TOKEN_VARIABLE } from '../../order/driver-environment.ts';
import { listPids } from './list-pids.ts';
import { identityKey, type ProcessEntry, readOfProcess, readProcess } from './process-entry.ts';

export interface ProcessTableEntry extends ProcessEntry {
  /** Value of {@link TOKEN_VARIABLE}; null where there is none, where we may not look, and where it was not asked for. */
  token: string | null;
}

/** So many processes are read before the event loop has its turn (some 30 µs each). */
const PROCESSES_PER_TURN = 64;

/**
 * All live processes that can be seen.
 *
 * @param sinceTicks tokens are read of those that began then or later: nothing older can belong to an attempt of that age
 */
async function readProcessTable(sinceTicks: number): Promise<ProcessTableEntry[]> {
  const table: ProcessTableEntry[] = [];
  let count = 0;
  for (const pid of listPids()) {
    count += 1;
    if (count % PROCESSES_PER_TURN === 0) await nextTurn();
    const entry = readProcess(pid);
    if (entry) table.push({ ...entry, token: entry.startTicks < sinceTicks ? null : readToken(pid) });
  }
  return table;
}

function readToken(pid: number): string | null {
  const environment = readOfProcess(pid, 'environ');
  return environment === null ? null : tokenOf(environment);
}

/** Finds the token in the text of `/proc/PID/environ`. */
export function tokenOf(environment: string): string | null {
  const mark = `\0${TOKEN_VARIABLE}=`;
  const text = `\0${environment}`;
  const at = text.indexOf(mark);
  if (at < 0) return null;
  const start = at + mark.length;
  const end = text.indexOf('\0', start);
  return text.slice(start, end < 0 ? undefined : end);
}

/**
 * Reads the table twice in a row, and answers what was in either: a process that forked and ended while the first passed by is
 * in the second. So what is empty was found empty by two sweeps.
 */
export async function readProcessTableTwice(sinceTicks: number): Promise<ProcessTableEntry[]> {
  const both = new Map<string, ProcessTableEntry>();
  for (const entry of await readProcessTable(sinceTicks)) both.set(identityKey(entry), entry);
  for (const entry of await readProcessTable(sinceTicks)) both.set(identityKey(entry), entry);
  return [...both.values()];
}

import type { ProcessIdentity } from '../../record/grammar.ts';
import { identityKey } from './process-entry.ts';
import type { ProcessTableEntry } from './process-table.ts';

/** By what the processes of an attempt are told from others where no cgroup holds them. */
export interface AttemptMarks {
  attemptId: string;
  supervisor: ProcessIdentity | null;
  driver: ProcessIdentity | null;
  /** When the driver ended, in ticks since boot; null while it runs, and where that is unknown. */
  driverEndTicks: number | null;
}

/**
 * The attempt's processes in a table: those with its token, in the driver's session or group, known from an earlier sweep,
 * and the descendants of all these. The supervisor is none of them, its other descendants are.
 *
 * @param known keys of processes that were found to be the attempt's before
 */
export function membersOf(
  table: readonly ProcessTableEntry[],
  marks: AttemptMarks,
  known: ReadonlySet<string>,
): ProcessTableEntry[] {
  const { driver } = marks;
  const ownSession = driver !== null && isSessionOfDriver(table, driver, marks.driverEndTicks);
  const isSupervisor = (entry: ProcessTableEntry) => isSame(entry, marks.supervisor);
  const isMarked = (entry: ProcessTableEntry) =>
    entry.token === marks.attemptId ||
    known.has(identityKey(entry)) ||
    isSame(entry, driver) ||
    (ownSession && (entry.sessionId === driver.pid || entry.groupId === driver.pid));

  const children = Map.groupBy(table, (entry) => entry.parentPid);
  const members = new Set<ProcessTableEntry>();
  const open = table.filter((entry) => isSupervisor(entry) || isMarked(entry));
  for (let entry = open.pop(); entry; entry = open.pop()) {
    if (members.has(entry)) continue;
    members.add(entry);
    open.push(...(children.get(entry.pid) ?? []));
  }
  return [...members].filter((entry) => !isSupervisor(entry));
}

/**
 * Whether the session and group that have the driver's pid for their number are the driver's. A number is not given away
 * while a session or group has it; so they are another's only if all of it began after the driver's end.
 */
function isSessionOfDriver(
  table: readonly ProcessTableEntry[],
  driver: ProcessIdentity,
  driverEndTicks: number | null,
): boolean {
  return table.some((entry) => {
    if (isSame(entry, driver)) return true;
    if (driverEndTicks === null || (entry.sessionId !== driver.pid && entry.groupId !== driver.pid)) return false;
    return entry.startTicks >= driver.startTicks && entry.startTicks <= driverEndTicks;
  });
}

function isSame(entry: ProcessIdentity, other: ProcessIdentity | null): boolean {
  return entry.pid === other?.pid && entry.startTicks === other.startTicks;
}

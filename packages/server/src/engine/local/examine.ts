import { existsSync } from 'node:fs';
import type { AttemptPaths } from '../attempt-directory.ts';
import type { AttemptHandle } from '../engine.ts';
import type { AttemptRecord } from '../record/grammar.ts';
import { keepWhatItSaid } from '../record/keep-what-it-said.ts';
import { readRecord } from '../record/read-record.ts';
import type { Found } from './decide.ts';
import { isOfMachine, type Machine } from './machine.ts';
import { someProcessHasArgument } from './processes/find-by-argument.ts';
import { isAlive } from './processes/process-entry.ts';

/** What is asked about, and where. */
export interface Examined {
  handle: AttemptHandle;
  paths: AttemptPaths;
  machine: Machine;
}

/** What the record alone says, its writer taken to be alive: enough when it has just written. */
export function examineRecord({ handle, paths, machine }: Examined, lastRecord: AttemptRecord | null): Found {
  return {
    sameBoot: handle.bootId === machine.bootId,
    hadStarted: handle.started || lastRecord?.driver != null,
    record: keepWhatItSaid(readRecord(paths.record), lastRecord),
    hasOrder: true,
    supervisorAlive: true,
    driverAlive: true,
    claimantAlive: true,
  };
}

/** Looks at the record and at whose processes are alive. */
export function examineThoroughly(examined: Examined, lastRecord: AttemptRecord | null): Found {
  const { paths, machine } = examined;
  let found = examineRecord(examined, lastRecord);
  if (!found.sameBoot) return found;
  // Who is gone cannot write any more; so a record that did not change while we looked for its writer is the last word.
  for (;;) {
    const { record } = found;
    const hadStarted = found.hadStarted || record?.driver != null;
    if (record && (record.exitCode !== null || (record.withdrawn && !hadStarted))) return found;
    const looked = lookForProcesses(record, hadStarted, paths, machine);
    const again = examineRecord(examined, lastRecord);
    if (JSON.stringify(again.record) === JSON.stringify(record)) return { ...found, ...looked };
    found = again;
  }
}

type Looked = Pick<Found, 'hasOrder' | 'supervisorAlive' | 'driverAlive' | 'claimantAlive'>;

function lookForProcesses(
  record: AttemptRecord | null,
  hadStarted: boolean,
  paths: AttemptPaths,
  machine: Machine,
): Looked {
  const hasOrder = record !== null || existsSync(paths.order);
  const supervisor = record?.supervisor ?? null;
  const comparable = isOfMachine(supervisor, machine);
  const supervisorAlive = supervisor !== null && comparable && isAlive(supervisor);
  const driver = record?.driver ?? null;
  const driverAlive = driver !== null && comparable && isAlive(driver);
  // A search through all processes, and needed only where no line names one.
  const isNamed = supervisor !== null && driver !== null;
  const mustSearch = record === null ? hadStarted || !hasOrder : !supervisorAlive && !isNamed;
  return {
    hasOrder,
    supervisorAlive,
    driverAlive,
    claimantAlive: mustSearch && someProcessHasArgument(paths.directory),
  };
}

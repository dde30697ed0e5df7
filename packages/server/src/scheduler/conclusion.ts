import { constants } from 'node:os';
import type { Observation } from '../engine/engine.ts';
import type { JobEnd } from '../job/end.ts';
import type { Refusal } from './rules/refusal.ts';

/** The job's end that follows from what an engine observed of its last attempt. Pure. */
export function endOf(observation: Extract<Observation, { kind: 'ended' | 'lost' | 'refused' }>): JobEnd {
  if (observation.kind === 'refused') {
    const code = observation.cause === 'cancelled' ? 'CANCELLED' : 'UNSCHEDULABLE';
    return { status: 'FAILED', code, message: observation.reason, exitCode: null };
  }
  if (observation.kind === 'lost') {
    return { status: 'FAILED', code: 'DRIVER_LOST', message: observation.reason, exitCode: null };
  }
  const { exitCode, outOfMemory, startFailure, endedBy } = observation;
  // The code is the supervisor's own: there was no driver to have one.
  if (startFailure !== undefined) return environmentEnd(startFailure);
  if (endedBy !== undefined) {
    const code = endedBy.cause === 'cancelled' ? 'CANCELLED' : 'TIME_LIMIT';
    return { status: 'FAILED', code, message: `${endedBy.message} (${describeExit(exitCode)})`, exitCode };
  }
  if (exitCode === 0) return { status: 'SUCCEEDED', code: 'NONE', message: '', exitCode };
  if (outOfMemory) {
    const message = `the job used more memory than it asked for, and the kernel killed a process of it (${describeExit(exitCode)})`;
    return { status: 'FAILED', code: 'OUT_OF_MEMORY', message, exitCode };
  }
  const message = `the entrypoint ended with ${describeExit(exitCode)}`;
  return { status: 'FAILED', code: 'ENTRYPOINT_FAILED', message, exitCode };
}

/** What a stop makes of it is decided by the transition: the reason and code come from the intention. */
export const STOPPED_END: JobEnd = { status: 'STOPPED', code: 'STOPPED', message: '', exitCode: null };

export function environmentEnd(message: string): JobEnd {
  return { status: 'FAILED', code: 'ENVIRONMENT_FAILED', message, exitCode: null };
}

export function dependencyEnd(message: string): JobEnd {
  return { status: 'FAILED', code: 'DEPENDENCY_FAILED', message, exitCode: null };
}

export function unschedulableEnd({ asked, available, where }: Refusal): JobEnd {
  const message = `the job asks for ${asked}, and ${where} has ${available} in all`;
  return { status: 'FAILED', code: 'UNSCHEDULABLE', message, exitCode: null };
}

const SIGNAL_NAMES = new Map<number, string>();
for (const [name, number] of Object.entries(constants.signals)) {
  // Several names can share a number (SIGABRT, SIGIOT): the first is the usual one.
  if (!SIGNAL_NAMES.has(number)) SIGNAL_NAMES.set(number, name);
}

/** An exit code in words; a shell tells the end by signal N as 128 + N. */
function describeExit(exitCode: number): string {
  const signal = SIGNAL_NAMES.get(exitCode - 128);
  if (signal !== undefined) return `exit code ${exitCode}: ${signal}`;
  if (exitCode === 127) return 'exit code 127: command not found';
  if (exitCode === 126) return 'exit code 126: command could not be executed';
  return `exit code ${exitCode}`;
}

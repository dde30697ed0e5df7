import type { StopSignal } from '../../../job/job.ts';

/*
 * What the server answers, checked by hand: a library for it would take 15 MB and 40 ms of every pod.
 */

/** Of a claim. */
export interface ClaimAnswer {
  driver: string;
  order: string;
  hasWorkingDirectory: boolean;
  graceMs: number;
}

export type CommandAnswer =
  | { kind: 'stop'; id: string; signal: StopSignal; graceMs: number }
  | { kind: 'finish'; id: string };

/** @throws where it is none */
export function readClaim(answer: unknown): ClaimAnswer {
  const driver = fieldOf(answer, 'driver');
  const order = fieldOf(answer, 'order');
  const hasWorkingDirectory = fieldOf(answer, 'has_working_directory');
  const graceMs = fieldOf(answer, 'grace_ms');
  if (
    typeof driver === 'string' &&
    typeof order === 'string' &&
    typeof hasWorkingDirectory === 'boolean' &&
    typeof graceMs === 'number'
  ) {
    return { driver, order, hasWorkingDirectory, graceMs };
  }
  throw new Error('the answer to the claim is none that this courier knows');
}

/** @throws where it is none */
export function readCommand(answer: unknown): CommandAnswer {
  const id = fieldOf(answer, 'id');
  const kind = fieldOf(answer, 'kind');
  const signal = fieldOf(answer, 'signal');
  const graceMs = fieldOf(answer, 'grace_ms');
  if (typeof id === 'string' && kind === 'finish') return { kind, id };
  const isSignal = signal === 'SIGTERM' || signal === 'SIGINT';
  if (typeof id === 'string' && kind === 'stop' && isSignal && typeof graceMs === 'number') {
    return { kind, id, signal, graceMs };
  }
  throw new Error('this is no command that this courier knows');
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

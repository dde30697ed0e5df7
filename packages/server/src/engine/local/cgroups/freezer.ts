import { join } from 'node:path';
import { readTextIfThere } from '../../record/read-text.ts';
import { writeIfThere } from './write-if-there.ts';

/**
 * The freezer of a v1 cgroup. What it holds does nothing, dies of no signal and is not empty until it is thawed: whoever freezes must
 * thaw, also for a server that was killed in between.
 */
const stateFile = (directory: string) => join(directory, 'freezer.state');

/** Begins to freeze a cgroup; false where its hierarchy has no freezer. */
export function freeze(directory: string): boolean {
  return writeIfThere(stateFile(directory), 'FROZEN');
}

/** Whether nothing in it runs any more: it takes a moment until each process has come to a halt. */
export function isFrozen(directory: string): boolean {
  return readTextIfThere(stateFile(directory))?.trim() === 'FROZEN';
}

/** Lets what is in it run on, if its hierarchy has a freezer and it was frozen, by whomever. */
export function thaw(directory: string): void {
  writeIfThere(stateFile(directory), 'THAWED');
}

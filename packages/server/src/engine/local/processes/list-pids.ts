import { readdirSync } from 'node:fs';

/** Every pid of this pid namespace. */
export function listPids(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid > 0);
}

import { readdirSync } from 'node:fs';
import { readTextIfThere } from '../../record/read-text.ts';

/** O_CLOEXEC in the octal flags of `/proc/PID/fdinfo`, see proc(5) and open(2). */
const CLOSE_ON_EXEC = 0o2000000;

/**
 * Descriptors from 3 on that the programs started by this process get too: those it was started with. Node marks its own, and of
 * those only the first few.
 */
export function listInheritedDescriptors(): number[] {
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((descriptor) => descriptor > 2 && isInherited(descriptor));
}

function isInherited(descriptor: number): boolean {
  const flags = /^flags:\s*([0-7]+)/m.exec(readTextIfThere(`/proc/self/fdinfo/${descriptor}`) ?? '')?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0;
}

import { readFileSync } from 'node:fs';
import { errorCode } from './error-code.ts';

/** A small file's text; null where there is no such file (or what it stood for has gone: a process, a cgroup). */
export function readTextIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'ENODEV') return null;
    throw error;
  }
}

import { writeFileSync } from 'node:fs';
import { errorCode } from '../../record/error-code.ts';

/** Writes to a file of a cgroup; false where there is no such file, or the cgroup has gone. */
export function writeIfThere(path: string, text: string): boolean {
  try {
    // Without O_CREAT, which a cgroup file system answers with EACCES where the cgroup has gone.
    writeFileSync(path, text, { flag: 'r+' });
    return true;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ENODEV') throw error;
    return false;
  }
}

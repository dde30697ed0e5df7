import { access, constants, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/**
 * Looks a program up as a shell would.
 *
 * @param program a name, or a path, relative to the working directory of the server
 * @param searchPath as in `PATH`
 * @returns its absolute path; null where there is none that can be executed
 */
export async function findProgram(program: string, searchPath: string): Promise<string | null> {
  if (program.includes('/')) return (await canExecute(program)) ? resolve(program) : null;
  for (const directory of searchPath.split(':').filter((entry) => entry !== '')) {
    const path = join(directory, program);
    if (await canExecute(path)) return resolve(path);
  }
  return null;
}

async function canExecute(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

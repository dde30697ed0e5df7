import { mkdir, rm, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { PyModuleSource } from './environment.ts';
import { type UnpackOptions, unpackSource } from './unpack-source.ts';
import { checkDirectory } from './working-directory.ts';

export interface MadeModules {
  /** Entries for `PYTHONPATH`, in the order of `py_modules`. */
  searchPath: string[];
  diskBytes: number;
}

/**
 * Makes a folder per entry of `py_modules` below `root`: what an archive holds, or a link to a directory by its own name, so that
 * nothing beside it can be imported.
 *
 * @param root what was there, of a try before, is replaced; not made where there is no entry
 * @throws {EnvironmentFailure}; the signal's reason; system errors as they are
 */
export async function makePyModules(
  sources: readonly PyModuleSource[],
  root: string,
  options: UnpackOptions,
  waiter: { signal: AbortSignal; timeoutMs: number },
): Promise<MadeModules> {
  const made: MadeModules = { searchPath: [], diskBytes: 0 };
  if (sources.length === 0) return made;
  await rm(root, { recursive: true, force: true });
  await mkdir(root);
  for (const [index, source] of sources.entries()) {
    const folder = join(root, String(index));
    if (source.kind === 'directory') {
      await checkDirectory('py_modules', source.path);
      await mkdir(folder);
      await symlink(source.path, join(folder, basename(source.path)));
    } else {
      made.diskBytes += await unpackSource(source, folder, options, waiter);
    }
    made.searchPath.push(folder);
  }
  return made;
}

import { execFile } from 'node:child_process';
import { chmod, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * Lets other users read and run what lies in the folders of a build, but not list the build's own folder, nor read the files in it: what was
 * asked for is nobody else's concern. Costs one look where that was done before.
 */
export async function openToOthers(directory: string): Promise<void> {
  const { mode } = await stat(directory);
  if ((mode & 0o001) !== 0) return;
  const entries = await readdir(directory, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(directory, name));
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => join(directory, name));
  for (const file of files) await chmod(file, 0o400);
  // It does not follow links, such as the one to the interpreter.
  if (folders.length > 0) await promisify(execFile)('chmod', ['-R', 'a+rX', '--', ...folders]);
  // The last, so that it says that the rest was done.
  await chmod(directory, (mode & 0o700) | 0o011);
}

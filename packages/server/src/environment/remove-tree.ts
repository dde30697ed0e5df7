import { chmod, opendir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../errors/system-error.ts';

/** Removes a folder with all that is in it, read-only folders too. Nothing happens where there is none. */
export async function removeTree(directory: string): Promise<void> {
  const options = { recursive: true, force: true, maxRetries: 5 };
  try {
    await rm(directory, options);
  } catch (error) {
    if (!hasCode(error, 'EACCES', 'EPERM')) throw error;
    await makeRemovable(directory);
    await rm(directory, options);
  }
}

/** What lies in a folder is removed by the right to write the folder; links are not followed. */
async function makeRemovable(directory: string): Promise<void> {
  await chmod(directory, 0o700);
  for await (const entry of await opendir(directory)) {
    if (entry.isDirectory()) await makeRemovable(join(directory, entry.name));
  }
}

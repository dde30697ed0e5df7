import { readdir, rename, rmdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Replaces a folder that holds nothing but one folder by that one: archives of a repository are packed so. */
export async function stripLoneTopFolder(directory: string): Promise<void> {
  const [top, ...others] = await readdir(directory, { withFileTypes: true });
  if (top === undefined || others.length > 0 || !top.isDirectory()) return;
  const outer = `${directory}.outer`;
  await rename(directory, outer);
  await rename(join(outer, top.name), directory);
  await rmdir(outer);
}

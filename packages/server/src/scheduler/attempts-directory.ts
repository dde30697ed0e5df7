import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../errors/system-error.ts';

const OWNER_FILE = '.owner';

/**
 * Makes the directory that attempts lie in, and makes sure that it belongs to one node: at start a server removes the
 * folders there that its jobs do not own, which would be another server's running ones.
 *
 * @returns what the operator should know, as sentences
 * @throws {Error} with a sentence for the operator where it is another node's
 */
export async function openAttemptsDirectory(path: string, nodeId: string): Promise<string[]> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const owner = await readOrWriteOwner(join(path, OWNER_FILE), nodeId);
  if (owner !== nodeId) {
    throw new Error(
      `the attempts directory ${path} belongs to the node ${owner}, and this one is ${nodeId}: give each data directory its own`,
    );
  }
  const { mode } = await stat(path);
  if ((mode & 0o066) === 0) return [];
  await chmod(path, mode & 0o711);
  return [
    `the attempts directory ${path} could be listed by other users (mode ${(mode & 0o777).toString(8)}): now it cannot`,
  ];
}

async function readOrWriteOwner(path: string, nodeId: string): Promise<string> {
  try {
    await writeFile(path, `${nodeId}\n`, { flag: 'wx', mode: 0o600 });
    return nodeId;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  const owner = (await readFile(path, 'utf8')).trim();
  // Empty where a server died as it made the file, before anything else was there.
  if (owner !== '') return owner;
  await writeFile(path, `${nodeId}\n`);
  return nodeId;
}

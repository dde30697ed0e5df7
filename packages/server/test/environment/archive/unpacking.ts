import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unpackZip } from '../../../src/environment/archive/unpack.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

export const LIMITS = { maxBytes: 1024 ** 3, maxEntries: 1_000 };

export interface Unpacking {
  /** Holds the archive and nothing else, besides what unpacking makes of it. */
  directory: string;
  target: string;
  uri: string;
  run(signal?: AbortSignal): Promise<void>;
}

/** An archive on disk, and the request to unpack it beside itself. */
export async function unpackingOf(bytes: Buffer, limits = LIMITS): Promise<Unpacking> {
  const directory = await temporaryDirectory();
  const path = join(directory, 'archive.zip');
  await writeFile(path, bytes);
  const target = join(directory, 'work');
  const uri = `file://${path}`;
  return {
    directory,
    target,
    uri,
    run: (signal = new AbortController().signal) => unpackZip({ path, uri, targetDirectory: target, limits }, signal),
  };
}

/** Every file below `directory` with its content, by relative path; folders end with `/`. */
export async function readTree(directory: string): Promise<Record<string, string>> {
  const tree: Record<string, string> = {};
  for (const item of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const path = join(item.parentPath, item.name);
    const relative = path.slice(directory.length + 1);
    if (item.isDirectory()) tree[`${relative}/`] = '';
    else tree[relative] = await readFile(path, 'utf8');
  }
  return tree;
}

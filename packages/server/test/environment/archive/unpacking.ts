import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ArchiveLimits } from '../../../src/environment/archive/budget.ts';
import { type ReadDiskSpace, readDiskSpace, type SpaceNeed } from '../../../src/environment/archive/disk-space.ts';
import { unpackArchive } from '../../../src/environment/archive/unpack.ts';
import { EnvironmentFailure } from '../../../src/environment/environment.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

export const LIMITS = { maxBytes: 1024 ** 3, maxEntries: 1_000 };

export interface Unpacking {
  /** Holds the archive and nothing else, besides what unpacking makes of it. */
  directory: string;
  target: string;
  uri: string;
  run(signal?: AbortSignal): Promise<SpaceNeed>;
}

export interface UnpackingOptions {
  limits?: ArchiveLimits;
  /** Default: asks the system. */
  readDiskSpace?: ReadDiskSpace;
  /** Where to put the archive, and to unpack it. Default: a temporary directory of its own. */
  directory?: string;
}

/** An archive on disk, and the request to unpack it beside itself. */
export async function unpackingOf(bytes: Buffer, options: UnpackingOptions = {}): Promise<Unpacking> {
  const directory = options.directory ?? (await temporaryDirectory());
  const path = join(directory, 'archive.zip');
  await writeFile(path, bytes);
  const targetDirectory = join(directory, 'work');
  const uri = `file://${path}`;
  const request = { path, uri, targetDirectory, limits: LIMITS, readDiskSpace, ...options };
  return {
    directory,
    target: targetDirectory,
    uri,
    run: (signal = new AbortController().signal) => unpackArchive(request, signal),
  };
}

/** The message of the refusal; nothing but the archive may be left on disk, inside or outside of the target. */
export async function refusalOf(bytes: Buffer, limits = LIMITS): Promise<string> {
  const unpacking = await unpackingOf(bytes, { limits });
  const error = await unpacking.run().then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EnvironmentFailure);
  expect(await readdir(unpacking.directory)).toEqual(['archive.zip']);
  const message = error instanceof Error ? error.message : '';
  expect(message).toContain(unpacking.uri);
  return message.replace(unpacking.uri, 'URI');
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

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { removeTree } from '../../src/environment/remove-tree.ts';

/** A directory that is removed when the test has ended, with the read-only environments in it. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'drover-environment-'));
  onTestFinished(() => removeTree(directory));
  return directory;
}

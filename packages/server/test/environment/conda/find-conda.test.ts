import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findConda } from '../../../src/environment/conda/find-conda.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

async function folderWith(...names: string[]): Promise<string> {
  const directory = await temporaryDirectory();
  for (const name of names) await writeFile(join(directory, name), '', { mode: 0o755 });
  return directory;
}

it('conda comes before mamba, and mamba before micromamba, wherever in PATH they lie', async () => {
  const first = await folderWith('micromamba');
  const second = await folderWith('mamba', 'conda');
  expect(await findConda(null, `${first}:${second}`)).toEqual({ found: true, path: join(second, 'conda') });
  expect(await findConda(null, `:${first}`)).toEqual({ found: true, path: join(first, 'micromamba') });
});

it('what cannot be executed, or is a folder, is none', async () => {
  const directory = await folderWith('conda');
  await chmod(join(directory, 'conda'), 0o644);
  await mkdir(join(directory, 'mamba'));
  expect(await findConda(null, directory)).toEqual({ found: false, reason: "the server's PATH has none of them" });
});

it('a configured program is taken, by name or by path, and no other', async () => {
  const directory = await folderWith('conda', 'my-conda');
  const path = join(directory, 'my-conda');
  expect(await findConda('my-conda', directory)).toEqual({ found: true, path });
  expect(await findConda(path, '')).toEqual({ found: true, path });
  expect(await findConda('/no/conda', directory)).toEqual({
    found: false,
    reason: "there is no program '/no/conda' that the server can execute",
  });
});

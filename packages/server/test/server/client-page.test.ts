import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { startProgram } from '../cli/fixture/run-drover.ts';
import { useServer } from './use-server.ts';

// Runs the examples of docs/client.md as they stand there, against a real server.

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

const server = useServer('all');
let examples: string[];

beforeAll(async () => {
  await server.start();
  const page = await readFile(`${ROOT}docs/client.md`, 'utf8');
  examples = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code);
});

it.each([
  [0, 'hello\nSUCCEEDED 0\n'],
  [1, 'hello\nended FAILED 3\n'],
  [2, 'SUCCEEDED\n'],
  [3, 'submitted\nhanded_over\nstarted\nended\n'],
  [4, 'queue train is paused; 1st in queue train\nSUCCEEDED\n'],
  [5, '4\n1 75\n2 0\n'],
  [6, '3\nSUCCEEDED nightly\n'],
  [7, '2 0\n'],
  [8, 'JOB_NOT_FOUND\n'],
])('example %i does what it says', async (index, expected) => {
  const folder = join(server.directory, `example-${index}`);
  await mkdir(folder);
  // Where the package's own name is found: in this repository.
  const resolved = (examples[index] ?? '').replace(
    /'(@drover\/client[^']*)'/g,
    (_, name) => `'${import.meta.resolve(name)}'`,
  );
  await writeFile(join(folder, 'example.ts'), resolved);
  const command = ['sh', `${ROOT}scripts/node.sh`, '--conditions=source', '--', join(folder, 'example.ts')];
  const { code, stdout, stderr } = await startProgram(command, { address: server.url, cwd: folder }).outcome;
  expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: expected, stderr: '' });
});

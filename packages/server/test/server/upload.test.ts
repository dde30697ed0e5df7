import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { type Outcome, startProgram } from '../cli/fixture/run-drover.ts';
import { DROVER } from './running-server.ts';
import { useServer } from './use-server.ts';

const server = useServer('all');
let project: string;

beforeAll(async () => {
  project = join(server.directory, 'project');
  await server.start(['--package-max-size', '1MiB']);
  await mkdir(join(project, 'out'), { recursive: true });
  await writeFile(join(project, 'main.sh'), '#!/bin/sh\ncat input; find . -type f | sort; echo changed > input\n', {
    mode: 0o755,
  });
  await writeFile(join(project, 'input'), 'from here\n');
  await writeFile(join(project, 'out', 'old.log'), '');
  await writeFile(join(project, 'secret'), '');
  await writeFile(join(project, '.gitignore'), '*.log\n');
});

function submit(...args: string[]): Promise<Outcome> {
  return startProgram([DROVER, 'submit', ...args], { address: server.url, cwd: project }).outcome;
}

const FILES = './.gitignore\n./input\n./main.sh\n';

it('drover submit uploads a relative folder, and each job runs in a copy of its own', async () => {
  const args = ['--working-dir', '.', '--exclude', 'secret', '--follow', '--', './main.sh'];
  for (const run of [await submit(...args), await submit(...args)]) {
    expect(run.stderr).toMatch(/^drover: submitted \S+\n$/);
    expect({ code: run.code, stdout: run.stdout }).toEqual({ code: 0, stdout: `from here\n${FILES}` });
  }
});

it('--upload takes an absolute folder along', async () => {
  const { code, stdout } = await submit('--upload', '--working-dir', project, '--follow', '--', 'ls out; ls secret');
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'secret\n' });
});

it('a folder beyond what the server takes is refused with its biggest files, and no job is made', async () => {
  const blob = randomBytes(8 * 2 ** 20);
  await mkdir(join(project, 'large'));
  await writeFile(join(project, 'large', 'blob'), blob);
  const { code, stdout, stderr } = await submit('--working-dir', './large', '--', 'true');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/the package is larger than 1048576 bytes; .*\n +8\.0 MiB {2}blob\n/);
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openRecordFile, writtenAt } from '../../../src/engine/slurm/record-file.ts';
import { writeStop } from '../../../src/engine/slurm/stop-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'drover-record-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function pathOf(name: string): string {
  return join(folder, name);
}

it('reads what was added to a record', async () => {
  const file = openRecordFile(folder, pathOf('record'));
  expect(await file.read()).toBeNull();
  writeFileSync(pathOf('record'), 'end 3 .\n');
  expect(await file.read()).toMatchObject({ exitCode: 3 });
});

it.each([
  ['a named pipe', (path: string) => void execFileSync('mkfifo', [path])],
  ['a link', (path: string) => symlinkSync(pathOf('record'), path)],
])('neither waits for nor believes %s that a driver has put in the place of a file', async (what, put) => {
  const path = pathOf(what.replaceAll(' ', '-'));
  put(path);
  expect(await openRecordFile(folder, path).read()).toBeNull();
  expect(await writtenAt(path)).toBeNull();
  await expect(writeStop(path, 'SIGTERM', 0)).rejects.toThrow();
});

import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openAttemptsDirectory } from '../../src/scheduler/attempts-directory.ts';
import { useDirectory } from '../server/use-directory.ts';

const directory = useDirectory();
let path: string;

beforeEach(() => {
  path = join(directory.path, 'attempts');
});

describe('the attempts directory', () => {
  it('belongs to the node that made it, and to no other', async () => {
    expect(await openAttemptsDirectory(path, 'node-a')).toEqual([]);
    expect(await openAttemptsDirectory(path, 'node-a')).toEqual([]);
    await expect(openAttemptsDirectory(path, 'node-b')).rejects.toThrow(/belongs to the node node-a.*node-b/);
  });

  it('is taken over where its maker died before it had written its name', async () => {
    await mkdir(path);
    await writeFile(join(path, '.owner'), '');
    await openAttemptsDirectory(path, 'node-a');
    await expect(openAttemptsDirectory(path, 'node-b')).rejects.toThrow(/belongs to the node node-a/);
  });

  it('cannot be listed by others, and the operator is told where it could', async () => {
    await mkdir(path);
    await chmod(path, 0o755);
    expect(await openAttemptsDirectory(path, 'node-a')).toEqual([expect.stringContaining('(mode 755)')]);
    expect((await stat(path)).mode & 0o777).toBe(0o711);
    expect(await openAttemptsDirectory(path, 'node-a')).toEqual([]);
  });
});

import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeAttemptFolder, removeAttemptFolder, removeOrphanedFolders } from '../../src/scheduler/attempt-folders.ts';
import { newAttemptId } from '../../src/scheduler/attempt-id.ts';
import { useDirectory } from '../server/use-directory.ts';

const directory = useDirectory();

const ownedOf = (...ids: string[]) => ({ ownedAttempts: async () => new Set(ids) });
const failOnFailure = (id: string, error: unknown) => {
  throw new Error(id, { cause: error });
};

describe('folders of attempts', () => {
  it('are removed with all that is in them, also where a driver took the right to write away', async () => {
    const id = newAttemptId();
    const { directory: folder, outputDirectory } = await makeAttemptFolder(directory.path, id);
    const deep = join(outputDirectory, 'go', 'mod');
    await mkdir(deep, { recursive: true });
    await writeFile(join(deep, 'file'), '');
    await chmod(deep, 0o555);
    await chmod(folder, 0o500);
    await removeAttemptFolder(directory.path, id);
    await removeAttemptFolder(directory.path, id);
    expect(await readdir(directory.path)).toEqual([]);
  });

  it('are removed at start where no job owns them, and nothing else is', async () => {
    const [owned, active, orphan] = [newAttemptId(), newAttemptId(), newAttemptId()];
    for (const id of [owned, active, orphan]) await makeAttemptFolder(directory.path, id);
    await mkdir(join(directory.path, 'somebody-elses'));
    await writeFile(join(directory.path, `${newAttemptId()}x`), '');
    const kept = (await readdir(directory.path)).filter((name) => name !== orphan);
    expect(await removeOrphanedFolders(directory.path, ownedOf(owned), (id) => id === active, failOnFailure)).toBe(1);
    expect((await readdir(directory.path)).sort()).toEqual(kept.sort());
  });

  it('that cannot be removed do not keep the others', async () => {
    const orphans = [newAttemptId(), newAttemptId()].sort();
    for (const id of orphans) await makeAttemptFolder(directory.path, id);
    // An order that is a folder cannot be unlinked, not even by root.
    const [stubborn = ''] = orphans;
    await mkdir(join(directory.path, stubborn, 'order'));
    const failures: string[] = [];
    const removed = await removeOrphanedFolders(
      directory.path,
      ownedOf(),
      () => false,
      (id) => failures.push(id),
    );
    expect({ removed, failures }).toEqual({ removed: 1, failures: [stubborn] });
  });
});

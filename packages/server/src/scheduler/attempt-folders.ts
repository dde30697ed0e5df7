import { mkdir, opendir, rm } from 'node:fs/promises';
import { type AttemptPaths, attemptPaths } from '../engine/attempt-directory.ts';
import { removeTree } from '../environment/remove-tree.ts';
import type { JobStore } from '../store/store.ts';
import { isAttemptId } from './attempt-id.ts';

/** Makes the directory that an attempt's environment, record and output go to. */
export async function makeAttemptFolder(attemptsDir: string, attemptId: string): Promise<AttemptPaths> {
  const paths = attemptPaths(attemptsDir, attemptId);
  await mkdir(paths.directory, { mode: 0o700 });
  await mkdir(paths.outputDirectory, { mode: 0o700 });
  return paths;
}

/** Removes an attempt's files, none of which may be needed any more. Nothing happens where there are none. */
export async function removeAttemptFolder(attemptsDir: string, attemptId: string): Promise<void> {
  const { directory, order } = attemptPaths(attemptsDir, attemptId);
  // First and alone: without its order no supervisor that comes late can start a driver, whatever else is gone.
  await rm(order, { force: true });
  await removeTree(directory);
}

const FOLDERS_PER_LOOKUP = 500;

/**
 * Removes the folders that no job owns (only those with an attempt's name): what a server left that died between removing
 * a row and its files, or before it handed an attempt over. Answers how many there were.
 *
 * @param onFailure hears of folders that cannot be removed; the sweep goes on
 * @param isActive tells attempts that this server is about to hand over, and the store does not know yet
 */
export async function removeOrphanedFolders(
  attemptsDir: string,
  store: Pick<JobStore, 'ownedAttempts'>,
  isActive: (attemptId: string) => boolean,
  onFailure: (attemptId: string, error: unknown) => void,
): Promise<number> {
  let removed = 0;
  let names: string[] = [];
  const removeOrphans = async () => {
    // In this order: an attempt that was in flight when its folder was seen is in the store by now.
    const suspects = names.filter((name) => !isActive(name));
    const owned = await store.ownedAttempts(suspects);
    for (const name of suspects) {
      if (owned.has(name)) continue;
      try {
        await removeAttemptFolder(attemptsDir, name);
        removed += 1;
      } catch (error) {
        onFailure(name, error);
      }
    }
    names = [];
  };
  for await (const entry of await opendir(attemptsDir, { bufferSize: FOLDERS_PER_LOOKUP })) {
    if (!entry.isDirectory() || !isAttemptId(entry.name)) continue;
    names.push(entry.name);
    if (names.length >= FOLDERS_PER_LOOKUP) await removeOrphans();
  }
  await removeOrphans();
  return removed;
}

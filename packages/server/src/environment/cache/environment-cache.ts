import { mkdir, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Slots } from '../../timing/slots.ts';
import { openToOthers } from './open-to-others.ts';
import { createPublishedBuilds, newBuildName } from './published.ts';
import { createSharedBuilds, type SharedBuildContext, type Waiter } from './shared-builds.ts';

export interface EnvironmentCacheOptions {
  /** Absolute, since it becomes part of every driver's PATH. Made where it is missing; nobody else writes to it. */
  cacheDir: string;
  /** Whether others can read and run what is in environments, where the folders above let them pass. */
  isOpenToOthers: boolean;
  /** Environments that were not used for so long are removed. */
  maxAgeMs: number;
  /** Bounds the builds at once, of all kinds together. */
  building: Slots;
  now(): number;
  /** Hears of what went wrong where nobody waits for an answer. */
  warn(message: string, error: unknown): void;
}

/** How one environment is made, and known again. */
export interface EnvironmentRecipe {
  /** See `cacheKey`. */
  key: string;
  /** Whether what was built is of use still: what it needs from outside its directory may have gone. */
  isUsable(directory: string): Promise<boolean>;
  /**
   * Builds in a directory that does not exist yet, and that is never used again: an environment cannot be moved. When it resolves,
   * the environment is on disk to stay; when it rejects, nothing writes to the directory any more.
   */
  build(directory: string, context: Pick<SharedBuildContext, 'signal' | 'onStep'>): Promise<void>;
  /** Bounds the builds of this kind, for a place among which they wait first. */
  kind?: Slots;
}

/** Environments that were built once, and are shared by all jobs that want the same. */
export interface EnvironmentCache {
  /**
   * Finds or builds an environment, and answers its directory. It counts as used now.
   * @throws what the build throws; {@link EnvironmentFailure} after the waiter's time; the reason of its signal
   */
  obtain(recipe: EnvironmentRecipe, waiter: Waiter): Promise<string>;
  /**
   * Removes what was not used for long, and what builds of a killed server left.
   * @param inUse paths right below directories that {@link obtain} answered, now or in an earlier life of the server
   */
  sweep(inUse: ReadonlySet<string>): Promise<void>;
}

export function createEnvironmentCache(options: EnvironmentCacheOptions): EnvironmentCache {
  const { cacheDir, now } = options;
  const published = createPublishedBuilds(cacheDir);
  const builds = createSharedBuilds<string>((error) => options.warn('cleaning up an environment failed', error));

  // What is decided about a build is decided in one step with a look at these, never across an await.
  const building = new Set<string>();
  const removing = new Set<string>();
  const lastUsedMs = new Map<string, number>();

  async function findPublished({ key, isUsable }: EnvironmentRecipe): Promise<string | null> {
    const name = await published.find(key);
    if (name === null || removing.has(name)) return null;
    lastUsedMs.set(name, now());
    const directory = join(cacheDir, name);
    if (!(await isUsable(directory))) return null;
    // From a time when that was not asked for.
    if (options.isOpenToOthers) await openToOthers(directory);
    const seconds = now() / 1000;
    await utimes(directory, seconds, seconds);
    return directory;
  }

  async function build({ key, build: make }: EnvironmentRecipe, context: SharedBuildContext): Promise<string> {
    context.onBegin();
    const name = newBuildName(key);
    const directory = join(cacheDir, name);
    building.add(name);
    try {
      await make(directory, context);
      if (options.isOpenToOthers) await openToOthers(directory);
      await published.publish(key, name);
      lastUsedMs.set(name, now());
    } catch (error) {
      await remove(name);
      throw error;
    } finally {
      building.delete(name);
    }
    return directory;
  }

  function buildInTurn(recipe: EnvironmentRecipe, context: SharedBuildContext): Promise<string> {
    const inTurn = () => options.building.run(context.signal, () => build(recipe, context));
    return recipe.kind === undefined ? inTurn() : recipe.kind.run(context.signal, inTurn);
  }

  /** Unpublished builds have no last use but one of this server's life. */
  async function isKept(name: string, inUse: ReadonlySet<string>): Promise<boolean> {
    if (building.has(name) || inUse.has(name)) return true;
    const oldestMs = now() - options.maxAgeMs;
    if (!(await published.isPublished(name))) return false;
    return (await stat(join(cacheDir, name))).mtimeMs >= oldestMs;
  }

  async function removeUnlessUsed(name: string): Promise<void> {
    const isRecent = (lastUsedMs.get(name) ?? Number.NEGATIVE_INFINITY) >= now() - options.maxAgeMs;
    if (isRecent || building.has(name)) return;
    removing.add(name);
    await remove(name);
    removing.delete(name);
  }

  async function remove(name: string): Promise<void> {
    try {
      await published.remove(name);
      lastUsedMs.delete(name);
    } catch (error) {
      options.warn(`environment ${name} could not be removed; the next sweep tries again`, error);
    }
  }

  return {
    obtain: (recipe, waiter) =>
      builds.join(recipe.key, waiter, async (context) => {
        await mkdir(cacheDir, { recursive: true, mode: 0o700 });
        return (await findPublished(recipe)) ?? buildInTurn(recipe, context);
      }),

    async sweep(inUse) {
      await mkdir(cacheDir, { recursive: true, mode: 0o700 });
      const names = new Set([...inUse].map((environment) => basename(dirname(environment))));
      for (const name of await published.listBuilds()) {
        if (!(await isKept(name, names))) await removeUnlessUsed(name);
      }
    },
  };
}

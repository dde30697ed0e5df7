import { mkdir, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { hasCode } from '../../errors/system-error.ts';
import { createSlots } from '../../timing/slots.ts';
import { EnvironmentFailure, type PipPlan } from '../environment.ts';
import type { Interpreter, InterpreterSearch } from '../interpreter.ts';
import { buildEnvironment, virtualEnvironmentIn } from './build.ts';
import { pickBuildVariables, pickIndexOptions } from './build-variables.ts';
import { environmentKey } from './environment-key.ts';
import { createPublishedBuilds, newBuildName } from './published.ts';
import { createSharedBuilds, type SharedBuildContext, type Waiter } from './shared-builds.ts';

export interface VirtualEnvironmentOptions {
  /** Made where it is missing; nobody else writes to it. */
  cacheDir: string;
  interpreter: InterpreterSearch;
  /** The server's own; what an installation gets of them is chosen by name. */
  serverVariables: Readonly<Record<string, string | undefined>>;
  /** Environments that were not used for so long are removed. */
  maxAgeMs: number;
  /** Builds at once. */
  maxBuilds: number;
  /** Time between SIGTERM and SIGKILL for a build that is given up. */
  killGraceMs: number;
  now(): number;
  /** Hears of what went wrong where nobody waits for an answer. */
  warn(message: string, error: unknown): void;
}

/** What decides about an environment, as far as jobs do. */
export interface EnvironmentWish extends PipPlan {
  tenant: string;
}

/** Virtual environments, one per tenant and distinct set of requirements, shared by all jobs that want it. */
export interface VirtualEnvironments {
  /**
   * Finds or builds the environment, and answers its absolute path. It counts as used now.
   * @throws {EnvironmentFailure}; the reason of the waiter's signal
   */
  obtain(wish: EnvironmentWish, waiter: Waiter): Promise<string>;
  /**
   * Removes what was not used for long, and what builds of a killed server left.
   * @param inUse paths that {@link obtain} answered, now or in an earlier life of the server
   */
  sweep(inUse: ReadonlySet<string>): Promise<void>;
}

export function createVirtualEnvironments(options: VirtualEnvironmentOptions): VirtualEnvironments {
  const { cacheDir, now } = options;
  const published = createPublishedBuilds(cacheDir);
  const slots = createSlots(options.maxBuilds);
  const builds = createSharedBuilds<string>((error) => options.warn('cleaning up an environment failed', error));
  const variables = pickBuildVariables(options.serverVariables);

  // What is decided about a build is decided in one step with a look at these, never across an await.
  const building = new Set<string>();
  const removing = new Set<string>();
  const lastUsedMs = new Map<string, number>();

  async function findPublished(key: string): Promise<string | null> {
    const name = await published.find(key);
    if (name === null || removing.has(name)) return null;
    lastUsedMs.set(name, now());
    const directory = join(cacheDir, name);
    const environment = virtualEnvironmentIn(directory);
    // Follows the link: gone where the interpreter was removed from the machine.
    if (!(await exists(join(environment, 'bin', 'python')))) return null;
    const seconds = now() / 1000;
    await utimes(directory, seconds, seconds);
    return environment;
  }

  async function build(
    key: string,
    interpreter: Interpreter,
    plan: PipPlan,
    context: SharedBuildContext,
  ): Promise<string> {
    context.onBegin();
    const name = newBuildName(key);
    const directory = join(cacheDir, name);
    building.add(name);
    try {
      const { killGraceMs } = options;
      await buildEnvironment({ directory, interpreter, plan, variables, killGraceMs }, context);
      await published.publish(key, name);
      lastUsedMs.set(name, now());
    } catch (error) {
      await remove(name);
      throw error;
    } finally {
      building.delete(name);
    }
    return virtualEnvironmentIn(directory);
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
    async obtain({ tenant, ...plan }, waiter) {
      if (!options.interpreter.found) {
        throw new EnvironmentFailure(`this server cannot make Python environments: ${options.interpreter.reason}`);
      }
      const { interpreter } = options.interpreter;
      const key = environmentKey({
        tenant,
        interpreter,
        platform: `${process.platform}-${process.arch}`,
        userId: process.getuid?.() ?? -1,
        plan,
        indexOptions: pickIndexOptions(variables),
      });
      return builds.join(key, waiter, async (context) => {
        await mkdir(cacheDir, { recursive: true, mode: 0o700 });
        const found = await findPublished(key);
        return found ?? slots.run(context.signal, () => build(key, interpreter, plan, context));
      });
    },

    async sweep(inUse) {
      await mkdir(cacheDir, { recursive: true, mode: 0o700 });
      const names = new Set([...inUse].map((environment) => basename(dirname(environment))));
      for (const name of await published.listBuilds()) {
        if (!(await isKept(name, names))) await removeUnlessUsed(name);
      }
    },
  };
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

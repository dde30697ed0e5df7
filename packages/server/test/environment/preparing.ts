import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { EnvironmentFailure, type EnvironmentRequest } from '../../src/environment/environment.ts';
import type { InterpreterSearch } from '../../src/environment/interpreter.ts';
import type { ArchiveStores } from '../../src/environment/locate-archive.ts';
import {
  createEnvironmentPreparer,
  type EnvironmentPreparerOptions,
  type LocalEnvironmentPreparer,
} from '../../src/environment/preparer.ts';
import type { JsonObject } from '../../src/job/job.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** A preparer with a cache and attempts of its own. */
export interface Preparing {
  preparer: LocalEnvironmentPreparer;
  cacheDir: string;
  /** Makes the directory of a new attempt. */
  attempt(name: string): Promise<string>;
  /** Directories of builds in the cache, published or not. */
  builds(): Promise<string[]>;
  /** What went wrong where nobody waited for an answer. */
  warnings: string[];
  /** The same cache and attempts with a new preparer, as after a restart. */
  restarted(changes?: Partial<EnvironmentPreparerOptions>): Preparing;
}

/** A request as jobs make it that name no tenant. */
export function asked(runtimeEnv: JsonObject, tenant = 'default'): EnvironmentRequest {
  return { tenant, door: 'native', runtimeEnv };
}

/** Nothing was uploaded, and nothing is fetched. */
export function archiveStores(changes: Partial<ArchiveStores> = {}): ArchiveStores {
  const remote = { allowedHosts: [], maxBytes: 1024 ** 2, resolve: async () => [] };
  return { packages: { locate: async () => null }, remote, ...changes };
}

export const NEVER: AbortSignal = new AbortController().signal;

export async function preparing(
  interpreter: InterpreterSearch,
  changes: Partial<EnvironmentPreparerOptions> = {},
): Promise<Preparing> {
  return preparingIn(await temporaryDirectory(), interpreter, changes);
}

function preparingIn(
  root: string,
  interpreter: InterpreterSearch,
  changes: Partial<EnvironmentPreparerOptions>,
): Preparing {
  const cacheDir = join(root, 'environments');
  const warnings: string[] = [];
  const preparer = createEnvironmentPreparer({
    cacheDir,
    interpreter,
    conda: { found: false, reason: 'none was looked for' },
    setupTimeoutMs: 60_000,
    archiveLimits: { maxBytes: 1024 ** 3, maxEntries: 1_000 },
    archiveStores: archiveStores(),
    driverPath: '/usr/bin:/bin',
    serverVariables: { PATH: process.env.PATH },
    killGraceMs: 100,
    warn: (message) => warnings.push(message),
    ...changes,
  });
  return {
    preparer,
    cacheDir,
    warnings,
    async attempt(name) {
      const directory = join(root, 'attempts', name);
      await mkdir(directory, { recursive: true });
      return directory;
    },
    async builds() {
      const items = await readdir(cacheDir, { withFileTypes: true });
      return items.filter((item) => item.isDirectory()).map((item) => item.name);
    },
    restarted: (more = {}) => preparingIn(root, interpreter, { ...changes, ...more }),
  };
}

/** What a preparation tells the owner of its job that has to fail. */
export async function messageOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EnvironmentFailure);
  return error instanceof Error ? error.message : '';
}

import { join } from 'node:path';
import type { Logger } from 'pino';
import type { LocalEnvironmentPreparer } from './environment/preparer.ts';
import type { PackageStore } from './packages/package-store.ts';
import { createReferenceCheck } from './packages/referenced-packages.ts';
import { removeOrphanedFolders } from './scheduler/attempt-folders.ts';
import type { Scheduler } from './scheduler/scheduler.ts';
import type { JobStore } from './store/store.ts';

export interface SweepOptions {
  store: JobStore;
  scheduler: Pick<Scheduler, 'activeAttempts' | 'isActive'>;
  preparer: Pick<LocalEnvironmentPreparer, 'sweep'>;
  packages: PackageStore;
  attemptsDir: string;
  log: Logger;
}

const ENVIRONMENTS_EVERY_MS = 6 * 60 * 60 * 1_000;
const PACKAGES_EVERY_MS = 5 * 60 * 1_000;

/** Removes what nobody needs any more, now and once in a while: environments, uploaded packages, folders of attempts. Answers how to end that. */
export function startSweeps({ store, scheduler, preparer, packages, attemptsDir, log }: SweepOptions): () => void {
  const complain = (what: string) => (error: unknown) => log.error({ err: error }, what);

  const sweepEnvironments = () => {
    const folders = scheduler.activeAttempts().map((id) => join(attemptsDir, id));
    preparer.sweep(folders).catch(complain('could not remove unused environments'));
  };
  const sweepPackages = () => {
    packages.sweep(createReferenceCheck(store)).catch(complain('could not remove packages that no job needs'));
  };
  const timers = [setInterval(sweepEnvironments, ENVIRONMENTS_EVERY_MS), setInterval(sweepPackages, PACKAGES_EVERY_MS)];
  sweepEnvironments();
  removeOrphanedFolders(attemptsDir, store, scheduler.isActive, (attemptId, error) =>
    log.warn({ attemptId, err: error }, 'could not remove a folder that no job owns'),
  ).then((removed) => {
    if (removed > 0) log.info({ removed }, 'removed folders of attempts that no job owns');
  }, complain('could not remove folders that no job owns'));

  return () => {
    for (const timer of timers) clearInterval(timer);
  };
}

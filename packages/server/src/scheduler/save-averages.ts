import type { Logger } from 'pino';
import type { Scheduler } from './scheduler.ts';

const EVERY_MS = 60_000;

/**
 * Writes down every minute what tenants have used, and once more at the end: a server that is killed forgets a minute of it.
 *
 * @returns ends it, after a last time
 */
export function startSavingAverages(
  scheduler: Pick<Scheduler, 'saveAverages' | 'isBusy'>,
  log: Logger,
): () => Promise<void> {
  const save = () =>
    scheduler.saveAverages().catch((error: unknown) => {
      log.warn({ err: error }, 'could not write down what tenants have used; a restart would forget it');
    });
  // Nothing is used where nothing runs, and what fades can be computed.
  const timer = setInterval(() => (scheduler.isBusy() ? void save() : undefined), EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await save();
  };
}

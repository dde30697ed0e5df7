import type { Logger } from 'pino';

/** Tells the operator of a collector that takes nothing: at first, then seldom, and when it takes something again. */
export interface TroubleLog {
  failed(message: string, error: unknown): void;
  succeeded(): void;
}

const TELL_EVERY_MS = 10 * 60 * 1_000;

export function createTroubleLog(log: Pick<Logger, 'warn' | 'info'>, now: () => number): TroubleLog {
  let failures = 0;
  let toldAtMs = Number.NEGATIVE_INFINITY;

  return {
    failed(message, error) {
      failures += 1;
      if (now() - toldAtMs < TELL_EVERY_MS) return;
      toldAtMs = now();
      log.warn({ err: error, failures }, message);
    },
    succeeded() {
      if (failures > 0) log.info({ failures }, 'traces are delivered again');
      failures = 0;
    },
  };
}

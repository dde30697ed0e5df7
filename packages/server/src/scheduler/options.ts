import type { Logger } from 'pino';
import type { Engine } from '../engine/engine.ts';
import type { EnvironmentPreparer } from '../environment/environment.ts';
import type { JobStore } from '../store/store.ts';

export interface SchedulerOptions {
  store: JobStore;
  engine: Engine;
  preparer: EnvironmentPreparer;
  attemptsDir: string;
  node: { id: string; address: string };
  /** How many drivers run at once. */
  maxRunning: number;
  /** After this time what a tenant has used counts half when it is decided who comes next. */
  fairShareHalfLifeMs: number;
  /** After the machine failed an effect (no space, say), the job is tried again after this time; twice as long each time. */
  retryDelayMs: number;
  now: () => number;
  /** 0 to 1, for delays that must not be all alike. */
  random: () => number;
  log: Logger;
}

import type { Logger } from 'pino';
import type { EnvironmentPreparer } from '../environment/environment.ts';
import type { Job } from '../job/job.ts';
import type { JobStore } from '../store/store.ts';
import type { Engines } from './engines.ts';

export interface SchedulerOptions {
  store: JobStore;
  /** The local one is always among them. */
  engines: Engines;
  preparer: EnvironmentPreparer;
  attemptsDir: string;
  /** The machine of the server. */
  node: { id: string; address: string };
  /** Variables by which a driver joins the trace of its job. Default: none. */
  driverTrace?: (job: Job, attemptId: string) => Record<string, string>;
  /** After this time what a tenant has used counts half when it is decided who comes next. */
  fairShareHalfLifeMs: number;
  /** After the machine failed an effect (no space, say), the job is tried again after this time; twice as long each time. */
  retryDelayMs: number;
  now: () => number;
  /** 0 to 1, for delays that must not be all alike. */
  random: () => number;
  log: Logger;
}

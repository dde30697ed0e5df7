import type { Job, StopCause, StopSignal } from '../job/job.ts';
import { DEFAULT_RETRY, type RetryPolicy } from '../job/retry.ts';
import { queuedJob } from './queued-job.ts';
import type { QueuedJob } from './rules/queued-job.ts';

/** What the scheduler knows of a job that has not ended. The truth is in the store; this is lost with the server. */
export interface TrackedJob extends QueuedJob {
  /**
   * `held`: until the jobs that it waits for are far enough. `preparing`: what it shares with other jobs is being built. `waiting`: for its turn. `delayed`: an effect
   * failed for the machine's reason and is tried again soon. `backing_off`: has failed, and waits to be tried again. `starting`: has its resources, nothing is handed over.
   * `handed_over`: the engine has it, or is about to.
   */
  stage: 'held' | 'preparing' | 'waiting' | 'delayed' | 'backing_off' | 'starting' | 'handed_over';
  /** Of the attempt that is starting or handed over. */
  attemptId: string | null;
  gpus: readonly string[];
  /** Whether the engine was told of the attempt, so that it can be told to stop it. */
  isWithEngine: boolean;
  /** Set once a stop is on disk. */
  stopGraceMs: number | null;
  stopSignal: StopSignal;
  stopCause: StopCause | null;
  /** Of a stop by a limit: when that was reached. */
  limitAtMs: number | undefined;
  retry: RetryPolicy;
  retriesMade: number;
  /** Ends the preparation in progress. */
  abort: AbortController;
  /** Why it is delayed, in words. */
  delayReason: string;
  /** How often the machine failed to start it, in a row. */
  failures: number;
  /** Disk space of the attempt's own working directory as it was made. */
  workBytes: number;
}

export function trackJob(job: Job): TrackedJob {
  return {
    ...queuedJob(job),
    stage: 'waiting',
    attemptId: null,
    gpus: NO_GPUS,
    isWithEngine: false,
    stopGraceMs: null,
    stopSignal: 'SIGTERM',
    stopCause: null,
    limitAtMs: undefined,
    // Each element of an array is tried again, not the array.
    retry: (job.array === null ? job.spec.retry : undefined) ?? DEFAULT_RETRY,
    retriesMade: job.retry?.made ?? 0,
    abort: NEVER_ABORTED,
    delayReason: '',
    failures: 0,
    workBytes: 0,
  };
}

const NO_GPUS: readonly string[] = [];
// Shared by all that wait: an AbortController costs more memory than the rest of the record.
const NEVER_ABORTED = new AbortController();

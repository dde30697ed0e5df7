import type { StopSignal } from '../job/job.ts';
import type { QueuedJob } from './rules/queued-job.ts';

/** What the scheduler knows of a job that has not ended. The truth is in the store; this is lost with the server. */
export interface TrackedJob extends QueuedJob {
  /**
   * `preparing`: what it shares with other jobs is being built. `waiting`: for its turn. `delayed`: an effect
   * failed for the machine's reason and is tried again soon. `starting`: has its resources, nothing is handed over.
   * `handed_over`: the engine has it, or is about to.
   */
  stage: 'preparing' | 'waiting' | 'delayed' | 'starting' | 'handed_over';
  /** Of the attempt that is starting or handed over. */
  attemptId: string | null;
  gpus: readonly string[];
  /** Whether the engine was told of the attempt, so that it can be told to stop it. */
  isWithEngine: boolean;
  /** Set once a stop is on disk. */
  stopGraceMs: number | null;
  stopSignal: StopSignal;
  /** Ends the preparation in progress. */
  abort: AbortController;
  /** Why it is delayed, in words. */
  delayReason: string;
  /** How often the machine failed to start it, in a row. */
  failures: number;
  /** Disk space of the attempt's own working directory as it was made. */
  workBytes: number;
}

export function trackJob(job: QueuedJob): TrackedJob {
  return {
    ...job,
    stage: 'waiting',
    attemptId: null,
    gpus: NO_GPUS,
    isWithEngine: false,
    stopGraceMs: null,
    stopSignal: 'SIGTERM',
    abort: NEVER_ABORTED,
    delayReason: '',
    failures: 0,
    workBytes: 0,
  };
}

const NO_GPUS: readonly string[] = [];
// Shared by all that wait: an AbortController costs more memory than the rest of the record.
const NEVER_ABORTED = new AbortController();

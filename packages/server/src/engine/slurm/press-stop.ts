import type { StopSignal } from '../../job/job.ts';
import { writeStop } from './stop-file.ts';

/** A stop that was asked for, carried on until the supervisor has written the end. */
export interface PressingStop {
  /** A second call with a shorter grace shortens it. */
  want(graceMs: number, signal: StopSignal): void;
  isWanted(): boolean;
  /**
   * Does what is due: tells the supervisor, wakes it, and ends the whole job where it does not answer.
   *
   * @param jobId of the job that runs it; null where it cannot be told for sure at this moment. The supervisor looks for itself.
   */
  press(jobId: number | null): Promise<void>;
}

export interface PressingStopOptions {
  stopFile: string;
  wake(jobId: number): Promise<void>;
  cancel(jobId: number): void;
  /** The supervisor could not be woken: Slurm may know why. */
  askSoon(): void;
}

interface Wanted {
  signal: StopSignal;
  killAt: number;
}

/** Between two tries to wake a supervisor; it looks for itself every 5 s. */
const WAKE_AGAIN_MS = 2_000;
/** A supervisor that has not ended its driver so long after its grace is ended by Slurm, with all of the job. */
const OVERDUE_MS = 30_000;

export function createPressingStop({ stopFile, wake, cancel, askSoon }: PressingStopOptions): PressingStop {
  let wanted: Wanted | null = null;
  let written: Wanted | null = null;
  let isWoken = false;
  let wokenAt = Number.NEGATIVE_INFINITY;
  let cancelledAt = Number.NEGATIVE_INFINITY;

  function wakeIfDue(jobId: number, now: number): void {
    if (isWoken || now - wokenAt < WAKE_AGAIN_MS) return;
    wokenAt = now;
    const told = written;
    void wake(jobId).then(() => {
      isWoken = told === written;
    }, askSoon);
  }

  async function writeDown(next: Wanted, now: number): Promise<void> {
    if (written === next) return;
    await writeStop(stopFile, next.signal, Math.max(0, next.killAt - now));
    written = next;
    isWoken = false;
    wokenAt = Number.NEGATIVE_INFINITY;
  }

  function cancelIfOverdue(jobId: number, { killAt }: Wanted, now: number): void {
    if (now <= killAt + OVERDUE_MS || now - cancelledAt <= OVERDUE_MS) return;
    cancelledAt = now;
    cancel(jobId);
  }

  return {
    want(graceMs, signal) {
      const killAt = performance.now() + graceMs;
      wanted = { signal, killAt: Math.min(killAt, wanted?.killAt ?? killAt) };
    },
    isWanted: () => wanted !== null,

    async press(jobId) {
      const next = wanted;
      if (next === null) return;
      const now = performance.now();
      try {
        await writeDown(next, now);
      } finally {
        // Also where the disk is full: a supervisor that is woken without a stop ends its driver with the job's own grace.
        if (jobId !== null) {
          wakeIfDue(jobId, now);
          cancelIfOverdue(jobId, next, now);
        }
      }
    },
  };
}

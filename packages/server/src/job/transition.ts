import type { JobEnd } from './end.ts';
import type { JobEvent, JobEventType } from './event.ts';
import type { Attempt, Job, JsonObject, StopIntention } from './job.ts';
import { isTerminal } from './status.ts';

/** Something that happened, or is decided, about a job. */
export type JobChange =
  /** The decision to start: committed before the launcher hears of the attempt. */
  | { type: 'hand_over'; atMs: number; attempt: Attempt }
  /** The driver exists. */
  | { type: 'started'; atMs: number; attemptId: string; driverPid: number; startedAtMs: number }
  /** The attempt never started a driver, and never will: the job waits again. Not a retry. */
  | { type: 'withdraw'; atMs: number; attemptId: string; reason: string }
  | { type: 'request_stop'; atMs: number; stop: StopIntention }
  /** Nothing of the attempt runs any more. `attemptId` is null where none was handed over. */
  | { type: 'end'; atMs: number; attemptId: string | null; end: JobEnd; logBytes: number };

export type Transition =
  | { outcome: 'changed'; job: Job; event: JobEvent }
  /** The job has ended before: nothing is changed by this. */
  | { outcome: 'already_ended'; job: Job }
  /** A repetition of what the job knows already (a second stop, news that were heard twice). */
  | { outcome: 'unchanged'; job: Job };

/**
 * Decides every change of a job. Pure; the store applies it inside the transaction that holds the row.
 *
 * @throws {Error} where the change is illegal, which is a bug in the caller and never bad input.
 */
export function transition(job: Job, change: JobChange): Transition {
  if (isTerminal(job.status)) return { outcome: 'already_ended', job };
  switch (change.type) {
    case 'hand_over':
      return handOver(job, change.atMs, change.attempt);
    case 'started':
      return start(job, change);
    case 'withdraw':
      return withdraw(job, change);
    case 'request_stop':
      return requestStop(job, change.atMs, change.stop);
    case 'end':
      return end(job, change);
  }
}

function handOver(job: Job, atMs: number, attempt: Attempt): Transition {
  if (job.status !== 'PENDING' || job.attempt !== null) throw illegal(job, 'hand_over');
  // A stop that was answered wins over a start that was only decided.
  if (job.stop !== null) return { outcome: 'unchanged', job };
  return changed(job, 'handed_over', atMs, { attempt }, { attempt: attempt.id, number: attempt.number });
}

function start(job: Job, change: Extract<JobChange, { type: 'started' }>): Transition {
  const attempt = ownAttempt(job, change.attemptId, 'started');
  if (job.status === 'RUNNING') return { outcome: 'unchanged', job };
  const { driverPid, startedAtMs } = change;
  return changed(
    job,
    'started',
    change.atMs,
    { status: 'RUNNING', attempt: { ...attempt, driverPid, startedAtMs } },
    { attempt: attempt.id, node: attempt.nodeId, pid: driverPid, started_at_ms: startedAtMs },
  );
}

function withdraw(job: Job, change: Extract<JobChange, { type: 'withdraw' }>): Transition {
  const attempt = ownAttempt(job, change.attemptId, 'withdraw');
  if (job.status !== 'PENDING') throw illegal(job, 'withdraw');
  return changed(job, 'withdrawn', change.atMs, { attempt: null }, { attempt: attempt.id, reason: change.reason });
}

function requestStop(job: Job, atMs: number, stop: StopIntention): Transition {
  if (job.stop !== null && deadline(stop) >= deadline(job.stop)) return { outcome: 'unchanged', job };
  return changed(job, 'stop_requested', atMs, { stop }, { reason: stop.reason, grace_ms: stop.graceMs });
}

/** A second stop can only shorten what the first one gave the driver. */
function deadline({ requestedAtMs, graceMs }: StopIntention): number {
  return requestedAtMs + graceMs;
}

function end(job: Job, change: Extract<JobChange, { type: 'end' }>): Transition {
  if (change.attemptId === null) {
    if (job.attempt !== null) throw illegal(job, 'end');
  } else {
    ownAttempt(job, change.attemptId, 'end');
  }
  const jobEnd = job.stop === null ? change.end : stoppedEnd(job.stop, change.end);
  const { status, code, message, exitCode } = jobEnd;
  return changed(
    job,
    'ended',
    change.atMs,
    { status, end: jobEnd, endedAtMs: change.atMs, logBytes: change.logBytes },
    { status, code, message, exit_code: exitCode },
  );
}

/** Once a stop was answered with yes the job's end is STOPPED, whatever became of the driver. */
function stoppedEnd(stop: StopIntention, found: JobEnd): JobEnd {
  return { status: 'STOPPED', code: 'STOPPED', message: stop.reason, exitCode: found.exitCode };
}

function ownAttempt(job: Job, attemptId: string, what: string): Attempt {
  if (job.attempt === null || job.attempt.id !== attemptId) throw illegal(job, `${what} of ${attemptId}`);
  return job.attempt;
}

function changed(job: Job, type: JobEventType, atMs: number, fields: Partial<Job>, detail: JsonObject): Transition {
  const revision = job.revision + 1;
  return {
    outcome: 'changed',
    job: { ...job, ...fields, revision },
    event: { id: 0, jobId: job.id, type, atMs, revision, detail },
  };
}

function illegal(job: Job, what: string): Error {
  return new Error(
    `illegal transition: ${what} of job ${job.id} in ${job.status}, attempt ${job.attempt?.id ?? 'none'}`,
  );
}

import type { JobEnd } from './end.ts';
import type { JobEvent, JobEventType } from './event.ts';
import type { Attempt, Job, JsonObject, PastAttempt, StopIntention } from './job.ts';
import { isTerminal } from './status.ts';

/** Something that happened, or is decided, about a job. */
export type JobChange =
  /** Jobs that it waits for are far enough: `indexes` are places in `spec.after`. */
  | { type: 'dependencies_met'; atMs: number; indexes: readonly number[] }
  /** The decision to start: committed before the launcher hears of the attempt. */
  | { type: 'hand_over'; atMs: number; attempt: Attempt }
  /** The driver exists. */
  | {
      type: 'started';
      atMs: number;
      attemptId: string;
      driverPid: number;
      startedAtMs: number;
      /** Where it runs, if that was not known at the hand-over. */
      node?: { id: string; address: string };
    }
  /** The attempt never started a driver, and never will: the job waits again. Not a retry. */
  | { type: 'withdraw'; atMs: number; attemptId: string; reason: string }
  | { type: 'request_stop'; atMs: number; stop: StopIntention }
  /** Nothing of the attempt runs any more, and another is to follow; an end where a stop was requested meanwhile. */
  | {
      type: 'retry';
      atMs: number;
      attemptId: string | null;
      end: JobEnd;
      logBytes: number;
      notBeforeMs: number;
    }
  /** Nothing of the attempt runs any more. `attemptId` is null where none was handed over. */
  | { type: 'end'; atMs: number; attemptId: string | null; end: JobEnd; logBytes: number };

export type Transition =
  | { outcome: 'changed'; job: Job; event: JobEvent; past?: PastAttempt }
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
    case 'dependencies_met':
      return meetDependencies(job, change.atMs, change.indexes);
    case 'hand_over':
      return handOver(job, change.atMs, change.attempt);
    case 'started':
      return start(job, change);
    case 'withdraw':
      return withdraw(job, change);
    case 'request_stop':
      return requestStop(job, change.atMs, change.stop);
    case 'retry':
      return retry(job, change);
    case 'end':
      return end(job, change);
  }
}

function meetDependencies(job: Job, atMs: number, indexes: readonly number[]): Transition {
  const met = indexes.filter((index) => !job.metDependencies.includes(index));
  if (met.length === 0) return { outcome: 'unchanged', job };
  const jobs = met.map((index) => job.spec.after?.[index]?.jobId ?? null);
  return changed(job, 'dependencies_met', atMs, { metDependencies: [...job.metDependencies, ...met] }, { jobs });
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
  const { driverPid, startedAtMs, node } = change;
  const { nodeId, nodeAddress } = node === undefined ? attempt : { nodeId: node.id, nodeAddress: node.address };
  return changed(
    job,
    'started',
    change.atMs,
    { status: 'RUNNING', attempt: { ...attempt, driverPid, startedAtMs, nodeId, nodeAddress } },
    { attempt: attempt.id, node: nodeId, pid: driverPid, started_at_ms: startedAtMs },
  );
}

function withdraw(job: Job, change: Extract<JobChange, { type: 'withdraw' }>): Transition {
  const attempt = ownAttempt(job, change.attemptId, 'withdraw');
  if (job.status !== 'PENDING') throw illegal(job, 'withdraw');
  return changed(job, 'withdrawn', change.atMs, { attempt: null }, { attempt: attempt.id, reason: change.reason });
}

function requestStop(job: Job, atMs: number, stop: StopIntention): Transition {
  // It has begun.
  if (stop.cause === 'queue_limit' && (job.status !== 'PENDING' || job.retry !== null))
    return { outcome: 'unchanged', job };
  const merged = job.stop === null ? stop : mergeStops(job.stop, stop);
  if (merged === null) return { outcome: 'unchanged', job };
  const { reason, graceMs } = merged;
  return changed(job, 'stop_requested', atMs, { stop: merged }, { reason, grace_ms: graceMs });
}

/**
 * A second stop can only shorten what the first one gave the driver; a request makes one out of a limit that was reached, and
 * never the other way round. Null where nothing changes.
 */
function mergeStops(first: StopIntention, second: StopIntention): StopIntention | null {
  const isSooner = deadline(second) < deadline(first);
  const takesOver = isRequest(second) && !isRequest(first);
  if (!isRequest(second) && isRequest(first)) return null;
  if (takesOver) return isSooner ? second : { ...second, requestedAtMs: first.requestedAtMs, graceMs: first.graceMs };
  return isSooner ? second : null;
}

function isRequest({ cause = 'request' }: StopIntention): boolean {
  return cause === 'request';
}

function deadline({ requestedAtMs, graceMs }: StopIntention): number {
  return requestedAtMs + graceMs;
}

function retry(job: Job, change: Extract<JobChange, { type: 'retry' }>): Transition {
  const { attemptId, atMs, end: found, logBytes, notBeforeMs } = change;
  if (job.stop !== null && isRequest(job.stop)) {
    return end(job, { type: 'end', atMs, attemptId, end: found, logBytes });
  }
  checkAttempt(job, attemptId, 'retry');
  const made = (job.retry?.made ?? 0) + 1;
  const stop = decidingStop(job.stop, atMs);
  const ownEnd = stop === null ? found : stoppedEnd(stop, found);
  const past: PastAttempt = { number: made, attempt: job.attempt, end: ownEnd, endedAtMs: atMs, logBytes };
  const { code, message, exitCode } = ownEnd;
  const detail = { attempt: attemptId, number: made, code, message, exit_code: exitCode, next_at_ms: notBeforeMs };
  const fields: Partial<Job> = {
    ...{ status: 'PENDING', attempt: null, stop: null, logBytes: job.logBytes + logBytes },
    retry: { made, notBeforeMs, last: past },
  };
  return { ...changed(job, 'retrying', atMs, fields, detail), past };
}

function end(job: Job, change: Extract<JobChange, { type: 'end' }>): Transition {
  checkAttempt(job, change.attemptId, 'end');
  const stop = change.attemptId === null ? job.stop : decidingStop(job.stop, change.atMs);
  const jobEnd = stop === null ? change.end : stoppedEnd(stop, change.end);
  const { status, code, message, exitCode } = jobEnd;
  return changed(
    job,
    'ended',
    change.atMs,
    { status, stop, end: jobEnd, endedAtMs: change.atMs, logBytes: job.logBytes + change.logBytes },
    { status, code, message, exit_code: exitCode },
  );
}

/** Clocks of nodes and of file systems may tell another time. */
const CLOCKS_DIFFER_MS = 1_000;

/**
 * The stop, where it decides what the end is: not a limit whose moment came only after the end. While no server runs nobody sees the end
 * before that.
 */
export function decidingStop<Stop extends { limitAtMs?: number | undefined }>(
  stop: Stop | null,
  endedAtMs: number,
): Stop | null {
  return stop?.limitAtMs !== undefined && endedAtMs + CLOCKS_DIFFER_MS < stop.limitAtMs ? null : stop;
}

/**
 * What becomes of an end once a stop was committed: a request that was answered with yes makes it STOPPED, and a limit that was reached
 * a failure by its name, whatever became of the driver.
 */
export function stoppedEnd(
  { cause = 'request', reason }: Pick<StopIntention, 'cause' | 'reason'>,
  { exitCode }: Pick<JobEnd, 'exitCode'>,
): JobEnd {
  switch (cause) {
    case 'request':
      return { status: 'STOPPED', code: 'STOPPED', message: reason, exitCode };
    case 'run_limit':
      return { status: 'FAILED', code: 'TIME_LIMIT', message: reason, exitCode };
    case 'queue_limit':
      return { status: 'FAILED', code: 'QUEUE_TIME_LIMIT', message: reason, exitCode };
  }
}

function checkAttempt(job: Job, attemptId: string | null, what: string): void {
  if (attemptId !== null) ownAttempt(job, attemptId, what);
  else if (job.attempt !== null) throw illegal(job, what);
}

function ownAttempt(job: Job, attemptId: string, what: string): Attempt {
  if (job.attempt === null || job.attempt.id !== attemptId) throw illegal(job, `${what} of ${attemptId}`);
  return job.attempt;
}

function changed(
  job: Job,
  type: JobEventType,
  atMs: number,
  fields: Partial<Job>,
  detail: JsonObject,
): Extract<Transition, { outcome: 'changed' }> {
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

/** A job of the load, whose end follows from what is asked for: by the exit codes of its attempts, its retries and the job it waits for. */
export interface PlannedJob {
  id: string;
  /** So many attempts fail with {@link RETRIED}, and the next one ends with `lastCode`. */
  failures: number;
  lastCode: 0 | typeof NOT_RETRIED;
  maxRetries: number;
  /** Elements; 0 for no array. Only the first of them fails. */
  size: number;
  queue: 'default' | typeof NARROW;
  after: { job: PlannedJob; condition: 'after_any' | 'after_success' } | null;
}

export interface PlannedEnd {
  status: 'SUCCEEDED' | 'FAILED';
  code: 'NONE' | 'ENTRYPOINT_FAILED' | 'DEPENDENCY_FAILED' | 'ELEMENTS_FAILED';
  exitCode: number | null;
  /** Drivers that were started for it, one after another. */
  attempts: number;
}

export const NARROW = 'narrow';
/** In the queue `narrow`, and of one array. */
export const SIDE_BY_SIDE = 2;
const RETRIED = 75;
const NOT_RETRIED = 3;
const LONGEST_RUN_MS = 60;

/** @param random 0 to 1 @param before a job that is stored already */
export function planJob(id: string, random: () => number, before: PlannedJob | null): PlannedJob {
  const below = (limit: number) => Math.floor(random() * limit);
  const isArray = below(4) === 0;
  const isDependent = before !== null && below(3) === 0;
  return {
    id,
    failures: below(4),
    lastCode: below(3) === 0 ? NOT_RETRIED : 0,
    maxRetries: below(4),
    size: isArray ? 2 + below(4) : 0,
    queue: below(3) === 0 ? NARROW : 'default',
    after: isDependent ? { job: before, condition: below(2) === 0 ? 'after_any' : 'after_success' } : null,
  };
}

/** The body of its submit. Each driver writes a line when it starts and another before it ends. */
export function submissionOf(job: PlannedJob, ledger: string, random: () => number): object {
  const { id, failures, lastCode, maxRetries, size, queue, after } = job;
  // One write of less than a page is appended as a whole, so the ledger tells everything in its order.
  const tell = (what: string) => `echo "${what} $DROVER_JOB_ID $DROVER_ATTEMPT $DROVER_ATTEMPT_NUMBER" >> ${ledger}`;
  const seconds = ((random() * LONGEST_RUN_MS) / 1_000).toFixed(3);
  return {
    id,
    entrypoint: [
      ...[tell('start'), `sleep ${seconds}`, tell('end')],
      '[ "$DROVER_ARRAY_INDEX" -gt 0 ] 2>/dev/null && exit 0',
      `[ "$DROVER_ATTEMPT_NUMBER" -le ${failures} ] && exit ${RETRIED}`,
      `exit ${lastCode}`,
    ].join('; '),
    queue,
    max_retries: maxRetries,
    retry_policy: { initial_delay_seconds: 0.02, rules: [{ exit_codes: [NOT_RETRIED], retry: false }] },
    ...(size === 0 ? {} : { array: { size, max_running: SIDE_BY_SIDE } }),
    ...(after === null ? {} : { [after.condition]: [after.job.id] }),
  };
}

/** How the job, or the array, has to end. */
export function endOf(job: PlannedJob): PlannedEnd {
  const { after } = job;
  if (after?.condition === 'after_success' && endOf(after.job).status === 'FAILED') {
    return { status: 'FAILED', code: 'DEPENDENCY_FAILED', exitCode: null, attempts: 0 };
  }
  if (job.size === 0) return endOfRuns(job);
  return endOfRuns(job).status === 'SUCCEEDED'
    ? { status: 'SUCCEEDED', code: 'NONE', exitCode: 0, attempts: 0 }
    : { status: 'FAILED', code: 'ELEMENTS_FAILED', exitCode: 1, attempts: 0 };
}

/** How each element of an array has to end, by its id; nothing where none becomes a job. */
export function endsOfElements(job: PlannedJob): Map<string, PlannedEnd> {
  if (endOf(job).code === 'DEPENDENCY_FAILED') return new Map();
  const others: PlannedEnd = { status: 'SUCCEEDED', code: 'NONE', exitCode: 0, attempts: 1 };
  const indexes = Array.from({ length: job.size }, (_, index) => index);
  return new Map(indexes.map((index) => [`${job.id}:${index}`, index === 0 ? endOfRuns(job) : others]));
}

function endOfRuns({ failures, lastCode, maxRetries }: PlannedJob): PlannedEnd {
  const isLastReached = failures <= maxRetries;
  const exitCode = isLastReached ? lastCode : RETRIED;
  const attempts = 1 + (isLastReached ? failures : maxRetries);
  if (exitCode === 0) return { status: 'SUCCEEDED', code: 'NONE', exitCode, attempts };
  return { status: 'FAILED', code: 'ENTRYPOINT_FAILED', exitCode, attempts };
}

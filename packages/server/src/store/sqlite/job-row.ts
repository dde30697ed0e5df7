import type { SQLInputValue } from 'node:sqlite';
import { type ArrayState, isElement } from '../../job/array.ts';
import type { JobEnd } from '../../job/end.ts';
import type { Attempt, Door, Job, JobSpec, RetryState, StopIntention } from '../../job/job.ts';
import { DEFAULT_QUEUE } from '../../queue/queue.ts';
import { integerAt, integerOrNullAt, type Row, textAt, textOrNullAt } from './column-value.ts';
import { statusNumber, statusOfNumber } from './status-number.ts';

/** What {@link decodeJob} reads, in its order. */
export const JOB_COLUMNS =
  'seq, id, tenant, door, status, revision, submitted_at_ms, ended_at_ms, log_bytes, spec, attempt, stop, job_end, retry, met_dependencies, array_state';

/** Columns that a change may touch, in the order of {@link encodeMutable}. */
export const MUTABLE_COLUMNS = [
  'status',
  'revision',
  'ended_at_ms',
  'log_bytes',
  'attempt_id',
  'attempt',
  'stop',
  'job_end',
  'retry',
  'expires_at_ms',
  'met_dependencies',
  'array_state',
] as const;

/** Columns that are written once, in the order of {@link encodeFixed}. */
export const FIXED_COLUMNS = [
  'id',
  'tenant',
  'door',
  'submitted_at_ms',
  'spec',
  'array_id',
  'queue',
  'schedule',
] as const;

const DOORS: ReadonlyMap<string, Door> = new Map(
  (['openyuanrong', 'ray', 'native'] satisfies Door[]).map((door) => [door, door]),
);

export function encodeFixed(job: Job): SQLInputValue[] {
  return [
    job.id,
    job.tenant,
    job.door,
    job.submittedAtMs,
    JSON.stringify(job.spec),
    isElement(job) ? (job.spec.element?.arrayId ?? null) : null,
    listedQueue(job.spec.queue),
    job.spec.schedule?.name ?? null,
  ];
}

/** The queue as it is listed by: null for the default one. */
export function listedQueue(queue: string | undefined): string | null {
  return queue === undefined || queue === DEFAULT_QUEUE ? null : queue;
}

export function encodeMutable(job: Job): SQLInputValue[] {
  return [
    statusNumber(job.status),
    job.revision,
    job.endedAtMs,
    job.logBytes,
    job.attempt?.id ?? null,
    encodeJson(job.attempt),
    encodeJson(job.stop),
    encodeJson(job.end),
    encodeJson(job.retry),
    expiryOf(job),
    job.metDependencies.length === 0 ? null : JSON.stringify(job.metDependencies),
    encodeJson(job.array),
  ];
}

/** A row of {@link JOB_COLUMNS} as a job. The JSON columns are Drover's own writing and are trusted. */
export function decodeJob(row: Row): Job {
  const spec: JobSpec = JSON.parse(textAt(row, 9));
  const attempt: Attempt | null = decodeJson(textOrNullAt(row, 10));
  const stop: StopIntention | null = decodeJson(textOrNullAt(row, 11));
  const end: JobEnd | null = decodeJson(textOrNullAt(row, 12));
  const retry: RetryState | null = decodeJson(textOrNullAt(row, 13));
  const metDependencies: number[] | null = decodeJson(textOrNullAt(row, 14));
  const array: ArrayState | null = decodeJson(textOrNullAt(row, 15));
  return {
    seq: integerAt(row, 0),
    id: textAt(row, 1),
    tenant: textAt(row, 2),
    door: doorOf(textAt(row, 3)),
    spec,
    status: statusOfNumber(integerAt(row, 4)),
    revision: integerAt(row, 5),
    submittedAtMs: integerAt(row, 6),
    attempt,
    array,
    metDependencies: metDependencies ?? [],
    retry,
    stop,
    end,
    endedAtMs: integerOrNullAt(row, 7),
    logBytes: integerAt(row, 8),
  };
}

/** When the job is to be removed by its own wish; null where that is left to retention, and before its end. */
function expiryOf({ endedAtMs, spec }: Job): number | null {
  return endedAtMs === null || spec.ttlAfterFinishedMs === undefined ? null : endedAtMs + spec.ttlAfterFinishedMs;
}

function encodeJson(value: Attempt | StopIntention | JobEnd | RetryState | ArrayState | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

function decodeJson(text: string | null) {
  return text === null ? null : JSON.parse(text);
}

function doorOf(text: string): Door {
  const door = DOORS.get(text);
  if (door === undefined) throw new Error(`the job store holds the unknown door '${text}'`);
  return door;
}

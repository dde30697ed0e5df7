import type { JobEvent } from '../job/event.ts';
import type { Door, Job, JobSpec, JsonObject, PastAttempt, TimeLimits } from '../job/job.ts';
import type { PendingReason } from '../job/pending-reason.ts';
import type { RetryPolicy } from '../job/retry.ts';
import type { JobStatus } from '../job/status.ts';
import type { EventBounds, JobListQuery, JobPage, TenantEvent } from '../store/store.ts';
import type { JobLog } from './job-log.ts';
import type { SubmittedJob } from './submit-once.ts';

/** A submit as the doors hand it in: translated, checked by the door's own rules. What it leaves open is settled when the job is made. */
export interface Submission extends Omit<JobSpec, 'stopGraceMs' | 'retry'> {
  /** Null: the service makes one, with the door's prefix. */
  id: string | null;
  tenant: string;
  door: Door;
  /** Null: the server's default. */
  stopGraceMs: number | null;
  /** Absent: the default of the tenant. */
  queue?: string;
  /** Absent: what the queue says, or the server's default. */
  engine?: string;
  /** Beside what the queue asks of that engine. */
  engineOptions?: JsonObject;
  /** What is absent is as the queue says, or as {@link DEFAULT_RETRY}. */
  retry?: Partial<RetryPolicy>;
  /** What is absent is as the queue says. */
  timeLimits?: TimeLimits;
  /** Absent: as the queue says. */
  ttlAfterFinishedMs?: number;
}

export type StopOutcome = 'stopping' | 'already_ended' | 'unknown';

/**
 * What all doors call. Rejects with errors of the catalogue only where named; anything else that is thrown is
 * a fault of the server.
 */
export interface JobService {
  /**
   * Resolves when the job is on disk.
   * @throws `JOB_EXISTS`, `UNSCHEDULABLE`, `UNKNOWN_QUEUE`, `QUEUE_DRAINING`, `UNKNOWN_ENGINE`, `INVALID_ENGINE_OPTIONS`, `TIME_LIMIT_TOO_LONG`,
   * `UNKNOWN_DEPENDENCY`, `DEPENDENCY_CYCLE`, `INVALID_ENVIRONMENT`, `STORAGE_FULL`, `SHUTTING_DOWN`
   */
  submit(submission: Submission): Promise<Job>;

  /**
   * Like `submit`, but one that is repeated answers the job of the first: recognised by its key (within the tenant, up to a day
   * beyond the job), or without one by the id that the client chose. Where neither is given it is a plain submit.
   * @throws also `IDEMPOTENCY_CONFLICT`, `IDEMPOTENCY_JOB_DELETED`
   */
  submitOnce(submission: Submission, key: string | null): Promise<SubmittedJob>;

  /**
   * The job that a submit would store now, with `seq` 0; nothing is stored.
   * @throws what `submitOnce` refuses without a key
   */
  preview(submission: Submission): Promise<Job>;

  /**
   * Null where the id is unknown. An element of an array whose turn has not come is there, PENDING, or ended with its array; what is written
   * under its id is refused.
   */
  get(id: string): Promise<Job | null>;

  /** Once `signal` aborts, a search that takes long ends with what it has found. */
  list(query: JobListQuery, signal?: AbortSignal): Promise<JobPage>;

  /**
   * `stopping` means that the intention is on disk; the end of the job will be STOPPED.
   * @throws `ELEMENT_NOT_STARTED`, `STORAGE_FULL`
   */
  stop(id: string, options?: { graceMs?: number }): Promise<StopOutcome>;

  /** @throws `ELEMENT_NOT_STARTED`, `STORAGE_FULL` */
  delete(id: string): Promise<'deleted' | 'not_ended' | 'unknown'>;

  /** Why a PENDING job waits, computed now; null for any other. */
  pendingReason(job: Job): PendingReason | null;

  /** Why a stop that was asked for cannot be carried out for now, as a sentence; null where it is under way, or where none was asked for. */
  stopTrouble(job: Job): string | null;

  events(id: string, afterId: number, limit: number): Promise<JobEvent[]>;

  /** The history of all jobs. */
  allEvents(afterId: number, limit: number): Promise<TenantEvent[]>;

  eventBounds(): Promise<EventBounds>;

  /** Calls `listener` after every commit that changed the job, or any (null); answers how to stop that. */
  watch(jobId: string | null, listener: () => void): () => void;

  counts(): Promise<Record<JobStatus, number>>;

  /**
   * Resolves with the job once `isReached` holds for its committed row, at `timeoutMs` with the row as it is, or when
   * `signal` aborts; null where the id is unknown or the job is deleted meanwhile.
   */
  waitFor(
    id: string,
    isReached: (job: Job) => boolean,
    options: { timeoutMs: number; signal?: AbortSignal },
  ): Promise<Job | null>;

  /** Attempts after which the job went on, in their order. */
  pastAttempts(job: Job): Promise<PastAttempt[]>;

  /** The output of an attempt; of the last one where none is named. */
  log(id: string, attempt?: number): JobLog;

  similarIds(id: string): Promise<string[]>;
}

import type { JobEvent } from '../job/event.ts';
import type { Job, PastAttempt } from '../job/job.ts';
import type { JobStatus } from '../job/status.ts';
import type { JobChange, Transition } from '../job/transition.ts';
import type { JobPosition, JobSort } from './job-sort.ts';
import type { RuleStore } from './rule-store.ts';
import type { ScheduleStore } from './schedule-store.ts';
import type { WebhookStore } from './webhook-store.ts';

/** What a list of jobs is narrowed by; everything given must hold. */
export interface JobFilter {
  /** Any of these; absent means all. */
  statuses?: readonly JobStatus[];
  tenant?: string;
  queue?: string;
  /** Elements of this array. */
  arrayId?: string;
  /** Jobs that the schedule of this name has made. */
  schedule?: string;
  /** Every pair must be among the job's metadata. */
  metadata?: Readonly<Record<string, string>>;
  /** Inclusive. */
  submittedAfterMs?: number;
  /** Exclusive. */
  submittedBeforeMs?: number;
  /** Part of the id, the entrypoint or a metadata value; upper and lower case are the same. */
  text?: string;
}

export interface JobListQuery {
  filter: JobFilter;
  /** Default: newest first. */
  sort?: JobSort;
  /** Jobs behind this place only: `next` of the page before, with the same sort. */
  after?: JobPosition;
  /** 1 or more. */
  limit: number;
}

export interface JobPage {
  jobs: Job[];
  /** Behind which place the next page begins (`after`); null when there is none. */
  next: JobPosition | null;
}

/** A finished job as retention sees it, oldest end first. */
export interface FinishedJob {
  id: string;
  seq: number;
  endedAtMs: number;
  attemptId: string | null;
  logBytes: number;
}

/** By what a submit is recognised when it comes again. */
export interface SubmitKey {
  tenant: string;
  /** The client's choice, unique within its tenant. */
  key: string;
  /** Of the whole submission: the same key with another one is a mistake. */
  digest: string;
  createdAtMs: number;
}

export type KeyedInsert =
  | { outcome: 'inserted'; job: Job }
  /** The key was used before, for a submission with this digest. `job` is as it is now; null where it was removed. */
  | { outcome: 'known'; digest: string; jobId: string; job: Job | null }
  /** Another job has the id; the key was not used. */
  | { outcome: 'id_taken' };

/** An event, and whose job it is. */
export interface TenantEvent extends JobEvent {
  tenant: string;
}

/** Events go with their job: in between ids are missing. */
export interface EventBounds {
  /** Of the events that are kept; one more than `newestId` where there is none. */
  oldestId: number;
  /** The highest id that was ever given; 0 before the first. */
  newestId: number;
}

/** How writes fared that shared a commit. */
export interface CommitReport {
  writes: number;
  /** From the begin of the transaction to the end of its commit, fsync included. */
  durationMs: number;
  /** False where all of them were refused together: the disk is full, or it failed. */
  isCommitted: boolean;
}

/**
 * The durable truth. Every method that writes resolves after its commit is on disk (fsync), and what it
 * answered is visible to the next read. Concurrent writes share one commit; one refused entry fails alone.
 *
 * Writes reject with `STORAGE_FULL` where the disk is full, and the store goes on. On any other I/O error at
 * commit it calls the `onFatal` that it was opened with: the server has to exit, and recovery decides.
 */
export interface JobStore {
  /** Queues, tenants, and what they have used. */
  readonly rules: RuleStore;

  /** Webhooks, and the events that are still to be delivered to them. */
  readonly webhooks: WebhookStore;

  /** When which jobs are submitted. */
  readonly schedules: ScheduleStore;

  /** Stores a new job (its `seq` is ignored). Resolves to the row, or to null where the id is taken. */
  insert(job: Job): Promise<Job | null>;

  /** Stores a new job and the key of its submit in one transaction, or answers what the key stands for. */
  insertOnce(job: Job, key: SubmitKey): Promise<KeyedInsert>;

  /**
   * Forgets keys whose job was removed before a sweep at least `keepMs` ago; some of them, at most a thousand, so that
   * a sweep is short. Resolves to how many.
   */
  sweepSubmitKeys(nowMs: number, keepMs: number): Promise<number>;

  /**
   * Stores the next element of an array as a job, and counts it there, in one transaction. Every later change of its status is counted with it.
   * Null where it is not the next, or the array has ended or is to end.
   */
  insertElement(element: Job): Promise<Job | null>;

  /** Applies one change with {@link transition} inside the transaction; null where the id is unknown. */
  apply(jobId: string, change: JobChange): Promise<Transition | null>;

  /** Removes a job that has ended, with its events. `attemptIds`: all of its attempts, whose files are without a job now. */
  remove(
    jobId: string,
  ): Promise<
    { outcome: 'removed'; job: Job; attemptIds: string[] } | { outcome: 'not_ended'; job: Job } | { outcome: 'unknown' }
  >;

  get(jobId: string): Promise<Job | null>;

  /** Once `signal` aborts, a search that takes long ends with what it has found: a page like others, from which it can be continued. */
  list(query: JobListQuery, signal?: AbortSignal): Promise<JobPage>;

  /** Jobs that have not ended, oldest first, `seq` above `afterSeq`. For recovery. */
  listUnfinished(afterSeq: number, limit: number): Promise<Job[]>;

  /** Jobs that have ended, oldest end first. */
  listOldestFinished(limit: number): Promise<FinishedJob[]>;

  /** Ids of jobs whose own time after their end is over, the longest ago first. */
  listExpired(nowMs: number, limit: number): Promise<string[]>;

  /** Ids of elements that have become jobs and are still there, the oldest first. */
  listElements(arrayId: string, limit: number): Promise<string[]>;

  /** Attempts of a job after which it went on, in their order. */
  pastAttempts(jobSeq: number): Promise<PastAttempt[]>;

  /** Of these attempt ids, those that a stored job owns. For the sweep of folders. */
  ownedAttempts(attemptIds: readonly string[]): Promise<Set<string>>;

  /** A job's history, oldest first, ids above `afterId`. */
  events(jobId: string, afterId: number, limit: number): Promise<JobEvent[]>;

  /** The history of all jobs, in the order of the commits, ids above `afterId`. */
  allEvents(afterId: number, limit: number): Promise<TenantEvent[]>;

  eventBounds(): Promise<EventBounds>;

  /** Kept in the transactions, never counted by a scan. */
  counts(): Promise<Record<JobStatus, number>>;

  /** Totals over ended jobs, kept in the transactions. */
  storage(): Promise<{ finishedJobs: number; logBytes: number }>;

  /** Ids that begin alike or differ by little, for "did you mean"; at most `limit`. */
  similarIds(jobId: string, limit: number): Promise<string[]>;

  /**
   * Called once per change right after its commit, in the order of commits; for caches, waiters and streams.
   * A removal is told with `event: null`, and a new count of an array's elements with one of type `progress`, which is not stored.
   */
  onCommitted(listener: (job: Job, event: JobEvent | null) => void): () => void;

  /** Lets queued writes finish, then closes. Later writes reject with `SHUTTING_DOWN`. */
  close(): Promise<void>;
}

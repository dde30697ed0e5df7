import type { ArrayElement, JobArray } from './array.ts';
import type { RetryPolicy } from './retry.ts';

/**
 * The resources of the native API, field for field as they are on the wire (snake case), so that what a program
 * gets here, what `drover --json` prints and what the API answers are one thing.
 */

/** Where a job stands. The last three are terminal and never change again. */
export type JobStatus = 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'STOPPED';

/**
 * The order of a list, with a minus the other way round: of the submits, of the ends (jobs that have not ended are left
 * out), of the ids.
 */
export type JobSort = 'submitted_at' | '-submitted_at' | 'ended_at' | '-ended_at' | 'id' | '-id';

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

/** What a job asks for; zero means none. */
export interface JobResources {
  /** Cores, fractions allowed. */
  cpus: number;
  gpus: number;
  memory_bytes: number;
  custom: Record<string, number>;
}

/** Why a job waits, computed at the moment of the answer. */
export interface PendingReason {
  code: string;
  /** In words, with numbers and the job's place: `needs 2 gpus: 4 in all, 3 in use; 5th in queue train`. */
  message: string;
  /** Jobs ahead in the same queue and tenant; null where the job does not wait for its turn. */
  jobs_ahead: number | null;
  /** What there is too little of, in the resource's own unit; null where it is nothing that can be counted. */
  lack: { resource: string; needed: number; total: number; in_use: number } | null;
}

/** The present or last try at running the job. */
export interface JobAttempt {
  id: string;
  /** 1 for the first. */
  number: number;
  engine: string;
  /** Null while the engine has not said where the driver runs. */
  node_id: string | null;
  node_address: string | null;
  /** Null until the driver exists. */
  driver_pid: number | null;
  /** Devices that are the attempt's own. */
  gpus: string[];
}

/** How the job ended. */
export interface JobEnd {
  /** Stable, see `docs/errors.md`. */
  code: string;
  /** In words; empty for a job that succeeded. */
  message: string;
  /** 0 to 255 as the shell reports it; null where no driver was started, or where its end is unknown. */
  exit_code: number | null;
}

/** What became of the retries that the job may make. */
export interface JobRetries {
  made: number;
  /** When the next attempt may begin; null unless the job waits for it. */
  next_at: string | null;
  /** Of the last attempt that was followed by a retry; null before the first retry. */
  last_end: JobEnd | null;
}

/** One try at running the job, as the list of all of them shows it. */
export interface JobTry {
  /** 1 for the first. */
  number: number;
  /** Null where its environment failed before it was handed over. */
  attempt: JobAttempt | null;
  started_at: string | null;
  /** Null while it goes on. */
  ended_at: string | null;
  end: JobEnd | null;
}

/** One job. Times are RFC 3339 texts. */
export interface Job {
  id: string;
  tenant: string;
  /** The API that the job came through: `native`, `openyuanrong`, `ray`. */
  door: string;
  status: JobStatus;
  /** A shell command line. */
  entrypoint: string;
  runtime_env: JsonObject;
  metadata: Record<string, string>;
  resources: JobResources;
  queue: string;
  /** What runs its drivers. */
  engine: string;
  /** What it asks of that engine alone. */
  engine_options: JsonObject;
  /** Higher ones come first within queue and tenant; 0 where none was asked for. */
  priority: number;
  labels: string[];
  /** 0: never tried again. */
  max_retries: number;
  /** Null where the job is never tried again. */
  retry_policy: RetryPolicy | null;
  /** Longest run of each attempt; null: none. */
  time_limit_seconds: number | null;
  /** Longest time from the submit to the first start; null: none. */
  queue_time_limit_seconds: number | null;
  /** Time from the job's end to its removal; null: the server's retention alone decides. */
  ttl_seconds_after_finished: number | null;
  /** Ids of jobs that must have started before this one does. */
  after: string[];
  /** Ids of jobs that must have ended, in whatever way. */
  after_any: string[];
  /** Ids of jobs that must have succeeded. */
  after_success: string[];
  /** Null for a job that is no array. */
  array: JobArray | null;
  /** Null for a job that is no element of an array. */
  element: ArrayElement | null;
  /**
   * The schedule that has made the job, and the moment that it is for, however late it was submitted (null where it was asked for by hand); null
   * for a job that no schedule has made.
   */
  schedule: { name: string; scheduled_at: string | null } | null;
  /** The job that this one repeats; null for one that is no retry. */
  retry_of: string | null;
  submitted_at: string;
  /** When the driver of the last attempt started; null before. */
  started_at: string | null;
  ended_at: string | null;
  /** Null unless the job is PENDING. */
  pending_reason: PendingReason | null;
  /** Null while it waits, also to be tried again, and for an array. */
  attempt: JobAttempt | null;
  retries: JobRetries;
  /** `trouble`: why it cannot be carried out for now, as a sentence; null where it is under way. */
  stop: { requested_at: string; reason: string; trouble: string | null } | null;
  end: JobEnd | null;
  /** Grows with every change of the job. */
  revision: number;
}

/** What a submit takes. */
export interface JobSubmission {
  /** Absent: the server makes one. */
  id?: string;
  /** A shell command line, run by `/bin/sh -c`. */
  entrypoint: string;
  /** `working_dir`, `env_vars`, `pip`; without a `working_dir` the driver runs in an empty folder of its own. */
  runtime_env?: JsonObject;
  metadata?: Record<string, string>;
  resources?: Partial<JobResources>;
  /** Absent: the default of the tenant. */
  queue?: string;
  /** What runs the driver; absent: what the queue says, or the server's default. */
  engine?: string;
  /** What the job asks of its engine alone, such as an image or a partition. */
  engine_options?: JsonObject;
  /** From -1000 to 1000, higher ones first; absent: 0. */
  priority?: number;
  /** From 0 to 1000; absent: what the queue says, or 0. */
  max_retries?: number;
  /** What is absent: 5 s before the first retry, twice as long before each that follows, at most 10 min, a jitter of 0.2, no rules. */
  retry_policy?: Partial<RetryPolicy>;
  /** From the driver's start, for each attempt; absent: what the queue says, or none. */
  time_limit_seconds?: number;
  /** From the submit to the first start; absent: what the queue says, or none. */
  queue_time_limit_seconds?: number;
  /** Absent: what the queue says, or the server's retention alone. */
  ttl_seconds_after_finished?: number;
  /** Ids of jobs that must have started before this one does. */
  after?: string[];
  /** Ids of jobs that must have ended, in whatever way. */
  after_any?: string[];
  /** Ids of jobs that must have succeeded. */
  after_success?: string[];
  /** Makes the submit one of many jobs, its elements, alike but for `DROVER_ARRAY_INDEX` in their environment. */
  array?: {
    /** From 1 to 1,000,000. */
    size: number;
    /** How many run at once; absent: as many as there is room for. */
    max_running?: number;
  };
  /** Resource pool labels, in order of preference. */
  labels?: string[];
  /** Seconds between SIGTERM and SIGKILL; absent: the server's default. */
  stop_grace_seconds?: number;
}

/** One line of a job's history. */
export interface JobEvent {
  /** Ascending over all jobs. */
  id: number;
  job_id: string;
  type: string;
  /** RFC 3339. */
  at: string;
  /** The job's revision after this event. */
  revision: number;
  /** What changed and why; regular per type. */
  detail: JsonObject;
}

export interface JobPage {
  jobs: Job[];
  /** Where the next page begins; null when there is none. */
  next_cursor: string | null;
}

/** How many jobs there are of each status. */
export type JobCounts = Record<JobStatus, number>;

/** What a stop answers: false where the job had ended before. */
export interface StopAnswer {
  stopping: boolean;
  job: Job;
}

/** What a call about many jobs answers. */
export interface BulkAnswer {
  /** Only where nothing was done, and this says what would be. */
  dry_run?: true;
  /** Jobs that were stopped, deleted or submitted again. */
  done: number;
  /** Jobs that had changed when their turn came. */
  skipped: number;
  /** Jobs that cannot be submitted again as they are. */
  refused: number;
  /** Up to 1000 of those that are done; for a retry the new jobs. */
  ids: string[];
  /** False where the server shut down meanwhile: not all that match were met. */
  complete: boolean;
}

/** An uploaded archive, which jobs name by its URI. */
export interface StoredPackage {
  name: string;
  /** `gcs://` and the name: what `working_dir` takes. */
  uri: string;
  size_bytes: number;
  /** Of the bytes, in hexadecimal. */
  sha256: string;
}

export interface ServerVersion {
  version: string;
  api: string;
  node_id: string;
}

/** Whether nothing about the job will change any more. */
export function hasEnded(job: Job): boolean {
  return job.status !== 'PENDING' && job.status !== 'RUNNING';
}

import type { ArraySpec, ArrayState, ElementOf } from './array.ts';
import type { Dependency } from './dependency.ts';
import type { JobEnd } from './end.ts';
import type { ResourceRequest } from './resources.ts';
import type { RetryPolicy } from './retry.ts';
import type { JobStatus } from './status.ts';
import type { TraceParent } from './trace-parent.ts';

/** The API that a job came through. All doors share one set of jobs and ids. */
export const DOORS = ['openyuanrong', 'ray', 'native'] as const;
export type Door = (typeof DOORS)[number];

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

/** What a driver is asked to end with; SIGKILL follows where it does not. */
export type StopSignal = 'SIGTERM' | 'SIGINT';

/** What was asked for. Never changes after the submit. */
export interface JobSpec {
  /** A shell command line, run by `/bin/sh -c`. */
  entrypoint: string;
  /** As it was given, unknown fields included where the door keeps them. */
  runtimeEnv: JsonObject;
  metadata: Readonly<Record<string, string>>;
  resources: ResourceRequest;
  /** Resource pool labels, in order of preference. */
  poolLabels: readonly string[];
  /** Time between SIGTERM and SIGKILL when the job is stopped or leaves processes behind. */
  stopGraceMs: number;
  /** What a stop begins with. Absent: SIGTERM. */
  stopSignal?: StopSignal;
  /** Id of the ended job that this one repeats. Absent: none. */
  retryOf?: string;
  /** Absent: the queue `default`. */
  queue?: string;
  /** What runs its drivers. Absent: the engine `local`. */
  engine?: string;
  /** What it asks of that engine alone. Absent: nothing. */
  engineOptions?: JsonObject;
  /** Higher ones come first within queue and tenant. Absent: 0. */
  priority?: number;
  /** Absent: never tried again. */
  retry?: RetryPolicy;
  timeLimits?: TimeLimits;
  /** The job is an array, and runs nothing itself. Absent: it is not. */
  array?: ArraySpec;
  /** The job is an element of an array. Absent: it is not. */
  element?: ElementOf;
  /** The schedule that has made the job. Absent: none has. */
  schedule?: ScheduledBy;
  /** Jobs that it waits for. Absent: none. */
  after?: readonly Dependency[];
  /** Time from the job's end to its removal. Absent: the server's retention alone decides. */
  ttlAfterFinishedMs?: number;
  /** The span that the submit belongs to. Absent: none. */
  traceParent?: TraceParent;
}

/** Which schedule has made a job, and for when. */
export interface ScheduledBy {
  name: string;
  /** The moment that the schedule names, however late the job was made; null where it was asked for by hand. */
  atMs: number | null;
}

/** How long things may take; absent: as long as they do. */
export interface TimeLimits {
  /** From the driver's start to its end, for each attempt. */
  runMs?: number;
  /** From the submit until a driver of it begins for the first time. */
  queueMs?: number;
  /** To prepare the environment of an attempt. Absent: what the runtime environment, or the server, says. */
  setupMs?: number;
}

/** What an attempt is ended for: by request, or since a limit was reached. */
export type StopCause = 'request' | 'run_limit' | 'queue_limit';

/** Why the job is to end, and how long the driver may take. Committed before the first signal. */
export interface StopIntention {
  /** Absent: by request. */
  cause?: StopCause;
  /** Moment at which a limit was reached, which can have been long before the request. Absent for a request. */
  limitAtMs?: number;
  requestedAtMs: number;
  reason: string;
  graceMs: number;
  /** Absent: SIGTERM. */
  signal?: StopSignal;
}

/** One try at running a job; at most one driver process ever belongs to it. */
export interface Attempt {
  /** Never used again, also the name of the attempt's directory. */
  id: string;
  /** 1 for the first. */
  number: number;
  /** Names of the engine and the machine that the attempt was handed over to. */
  engine: string;
  nodeId: string;
  nodeAddress: string;
  /** Boot of the machine at the moment of the hand-over: under another one the driver is lost. */
  bootId: string;
  handedOverAtMs: number;
  /** Indexes or ids of the devices that are this attempt's for its life. */
  gpus: readonly string[];
  /** Disk space that the attempt's own working directory took when it was made; 0 for one used in place. */
  workBytes: number;
  /** Null until the driver exists. */
  driverPid: number | null;
  startedAtMs: number | null;
}

/** An attempt that has ended, and after which the job went on. */
export interface PastAttempt {
  /** 1 for the first. */
  number: number;
  /** Null where its environment failed before it was handed over. */
  attempt: Attempt | null;
  end: JobEnd;
  endedAtMs: number;
  /** Disk space of its output and of the working directory made for it. */
  logBytes: number;
}

/** A job that is tried again: what came before. */
export interface RetryState {
  /** Retries that were decided so far. */
  made: number;
  /** The next attempt does not start earlier. */
  notBeforeMs: number;
  /** The last attempt that failed. */
  last: PastAttempt;
}

/** A job and its last attempt, as one row of the store. */
export interface Job {
  /** Order of submission: unique, ascending, never used again. 0 before the store has assigned one. */
  seq: number;
  id: string;
  tenant: string;
  door: Door;
  spec: JobSpec;
  status: JobStatus;
  /** Grows by one with every change of the row. */
  revision: number;
  submittedAtMs: number;
  /** Null while no attempt was handed over, and while the job waits to be tried again. */
  attempt: Attempt | null;
  /** How far the array has come; null for a job that is none. */
  array: ArrayState | null;
  /** Of those in `spec.after`, by their places, the ones that are met. */
  metDependencies: readonly number[];
  /** Null for a job that was never tried again. */
  retry: RetryState | null;
  stop: StopIntention | null;
  end: JobEnd | null;
  endedAtMs: number | null;
  /** Disk space of the outputs and working directories of the attempts that have ended. */
  logBytes: number;
}

import type { EngineNode } from '../../engine.ts';

/** A batch job as it is submitted. What is null is left to Slurm. */
export interface SlurmSubmission {
  /** Marks the job as an attempt's: by it the job is found if the answer was lost. */
  name: string;
  comment: string;
  script: string;
  environment: Readonly<Record<string, string>>;
  workingDirectory: string;
  /** Takes what the batch script itself prints. */
  outputPath: string;
  cpus: number | null;
  memoryMb: number | null;
  /** Such as `gpu:2,npu:1`. */
  gres: string | null;
  timeLimitMinutes: number | null;
  partition: string | null;
  account: string | null;
  qos: string | null;
  constraint: string | null;
  reservation: string | null;
  licenses: string | null;
  nice: number | null;
}

/** A job as Slurm tells of it. */
export interface SlurmJob {
  id: number;
  name: string;
  /** In capitals, such as `PENDING`. */
  state: string;
  /** Slurm's word for why it waits or ended, such as `Resources`; empty where there is none. */
  reason: string;
  /** Of the batch script as wait(2) has it; null where there is none. */
  waitStatus: number | null;
  partition: string;
  /** Seconds since 1970, by the controller's clock; a job whose id was given away again has another. */
  submittedAt: number;
  /** Whether it was ever given a node; absent where that is not told. */
  hadNode?: boolean;
}

/** Talks to Slurm. All calls reject with a {@link SlurmError}. */
export interface SlurmClient {
  /** By what and where Slurm is reached, for people. */
  readonly description: string;
  /** Answers the job's id. */
  submit(submission: SlurmSubmission): Promise<number>;
  /** Every job whose name `isOurs`, those included that have ended a short while ago; null where nothing has changed since the last answer. */
  listJobs(isOurs: (name: string) => boolean): Promise<SlurmJob[] | null>;
  /**
   * What accounting has of jobs, with one question, whether they have ended or not. An id that was given away again has several, and
   * they may be other people's. Null where the site keeps no accounting.
   */
  listAccounted(ids: readonly number[]): Promise<SlurmJob[] | null>;
  /** Sends SIGTERM to the batch script alone. */
  wake(jobId: number): Promise<void>;
  /** Ends a job, whatever its state; nothing happens where it has ended. */
  cancel(jobId: number): Promise<void>;
  listNodes(): Promise<EngineNode[]>;
  close(): void;
}

/**
 * What went wrong with a call.
 * `unknown`: Slurm could not be asked, or cannot answer now; nothing follows, and it is to be tried again.
 * `not-now`: Slurm has answered, and does not take it as things are; it is to be tried again.
 * `refused`: Slurm will never take what was asked.
 * `no-such-job`: Slurm does not know the job (any more).
 */
export type SlurmErrorKind = 'unknown' | 'not-now' | 'refused' | 'no-such-job';

export class SlurmError extends Error {
  readonly kind: SlurmErrorKind;

  constructor(kind: SlurmErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

import type { StopSignal } from '../../job/job.ts';
import type { Observation } from '../engine.ts';
import type { SlurmJob } from './client/slurm-client.ts';
import type { SubmitOutcome } from './submit-queue.ts';

/** What following an attempt needs of the engine. */
export interface FollowContext {
  /** Of the jobs that carry the attempt's mark, as far as Slurm was asked. */
  jobs(): readonly SlurmJob[];
  /** When the last question that Slurm has answered began, by {@link performance.now}; null while it is out of reach. */
  askedAt(): number | null;
  /** What accounting has of jobs, as far as it has answered; calling this lets it be asked. */
  accounted(jobIds: readonly number[]): readonly SlurmJob[];
  /** Slurm should be asked soon. */
  askSoon(): void;
  submit(): Promise<SubmitOutcome>;
  wakeSupervisor(jobId: number): Promise<void>;
  /** Ends jobs of the attempt's in Slurm that nobody needs. */
  cancel(jobIds: readonly number[]): void;
  /**
   * Ends every job of the attempt's that Slurm still has, carried on until it has none.
   *
   * @param claimant id of the one that ends by itself
   */
  discard(claimant: string | null): void;
  addressOf(node: string): string;
  report(observation: Observation): void;
  warn(message: string, cause: unknown): void;
  now(): number;
  /** How long an end line is looked for before Slurm's word is taken. */
  lookForMs: number;
}

/** An attempt from its hand-over to its end, whoever handed it over. */
export interface FollowedAttempt {
  readonly attemptId: string;
  /**
   * Gives it to Slurm for the first time.
   *
   * @param refusedFor why Slurm cannot be asked for it; null where it can
   */
  begin(refusedFor: string | null): void;
  /** Looks at its record, and decides. */
  examine(): Promise<void>;
  /** Slurm was asked: looks if that tells something new. */
  onAnswer(): void;
  stop(graceMs: number, signal?: StopSignal): void;
  reasonToWait(): string | null;
  /** Stops looking after it; resolves when nothing of it is under way. */
  close(): Promise<void>;
}

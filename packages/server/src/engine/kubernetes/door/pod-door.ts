import type { Readable } from 'node:stream';
import type { StopSignal } from '../../../job/job.ts';
import type { Refusal } from '../../record/grammar.ts';

/** What a pod is to do for an attempt that it has claimed. */
export interface ClaimedWork {
  /** Text of the script that becomes the driver. */
  driver: string;
  /** What that script sources. */
  order: string;
  hasWorkingDirectory: boolean;
  /** How long what the driver leaves behind may take to end after SIGTERM. */
  graceMs: number;
}

/** What a pod is asked for while it runs a driver. */
export type PodCommand =
  | { id: string; kind: 'stop'; signal: StopSignal; graceMs: number }
  /** The container of the driver is gone: deliver what is left of its output. */
  | { id: string; kind: 'finish' };

export interface DriverStart {
  /** As it is counted in its container. */
  pid: number;
  startTicks: number;
  /** How long ago it began. */
  agoMs: number;
}

export interface DriverEnd {
  /** As the shell reports it; null where the container was gone before anybody saw it. */
  exitCode: number | null;
  /** Why the driver could not begin. */
  refusal: Refusal | null;
  outOfMemory: boolean;
  /** What the driver has written in all. */
  outputBytes: number;
  agoMs: number;
}

/**
 * What pods ask of the engine, by whatever protocol. All of it works on the attempt's files, so that a pod finds an answer also before
 * the attempt is followed, and after its end. Each call may come again: an answer may be lost.
 *
 * `pod` is the UID of the pod that asks. Whoever is not the one that claimed the attempt meets ATTEMPT_TAKEN.
 */
export interface PodDoor {
  /** Under which pods reach the server. */
  readonly hostName: string;
  /** How many connections pods may hold at the same time. */
  readonly mostConnections: number;
  /** Whether `token` is that of the attempt, and the attempt is one of this engine. */
  isKnown(attemptId: string, token: string): boolean;
  /** Takes the claim, once and for all. The pod that has it gets it again until its driver has begun. */
  claim(attemptId: string, pod: string, node: string): ClaimedWork;
  /** The attempt's own working directory as a tar file. */
  workingDirectory(attemptId: string, pod: string): Readable;
  /**
   * Takes output from `offset` on, passing over what is there. Answers how much is there now.
   *
   * @throws OUTPUT_GAP where something before is missing
   */
  appendOutput(attemptId: string, pod: string, offset: number, bytes: Buffer): number;
  started(attemptId: string, pod: string, start: DriverStart): void;
  /** @throws OUTPUT_GAP where output is missing */
  ended(attemptId: string, pod: string, end: DriverEnd): void;
  /** Waits for the command behind `after`; null where none comes until `signal`. */
  nextCommand(attemptId: string, pod: string, after: string | null, signal: AbortSignal): Promise<PodCommand | null>;
}

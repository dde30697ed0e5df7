import type { StopSignal } from '../job/job.ts';
import type { ResourceRequest } from '../job/resources.ts';

/** What an engine has in all. GPU devices are named, since a driver is told which are its own. */
export interface EngineCapacity {
  cpus: number;
  memoryBytes: number;
  gpuIds: readonly string[];
  custom: Readonly<Record<string, number>>;
}

/** Everything that is needed to start a driver once. */
export interface AttemptOrder {
  attemptId: string;
  jobId: string;
  /** Given to `/bin/sh -c`. */
  entrypoint: string;
  /** Absolute. */
  workingDirectory: string;
  /** The driver's whole environment beyond the engine's allow-list; names are valid, see DESIGN.md 5. */
  variables: Readonly<Record<string, string>>;
  resources: ResourceRequest;
  /** Ids of the devices that are the attempt's own. */
  gpus: readonly string[];
  /** How long processes that the driver leaves behind may take to end after SIGTERM. */
  graceMs: number;
}

/** What is known of an attempt that was handed over, by this server or by one before it. */
export interface AttemptHandle {
  attemptId: string;
  jobId: string;
  /** Boot of the machine when it was handed over. */
  bootId: string;
  /** Whether the store knows that the driver exists. */
  started: boolean;
  resources: ResourceRequest;
  graceMs: number;
}

/** News of an attempt. Each may be told again after a restart; the store's transition takes it once. */
export type Observation =
  | { kind: 'started'; attemptId: string; driverPid: number; startedAtMs: number }
  /**
   * The driver has ended and nothing of the attempt runs any more. `exitCode` as the shell reports it;
   * `endedAtMs` is when the driver ended. `startFailure` says, for the job's owner, why the driver could not
   * begin (its working directory is gone, say); absent where it ran.
   */
  | {
      kind: 'ended';
      attemptId: string;
      exitCode: number;
      endedAtMs: number;
      outOfMemory: boolean;
      startFailure?: string;
    }
  /** Nothing of the attempt runs any more, and nobody knows how it ended. */
  | { kind: 'lost'; attemptId: string; atMs: number; reason: string }
  /** No driver was started, and none will be: the claim is ours. */
  | { kind: 'withdrawn'; attemptId: string; reason: string };

/**
 * Runs drivers. Knows nothing of HTTP and stores. The path for an adopted driver is the one for a fresh
 * one: `follow` is all it takes, `handOver` only adds the launch.
 */
export interface Engine {
  readonly name: string;

  /** Identifies the present boot of the machine (or, for a cluster, a constant). */
  readonly bootId: string;

  capacity(): EngineCapacity;

  /** Why no driver can be started at this moment, as a sentence for people; null where one can. What is handed over meanwhile starts later. */
  trouble(): string | null;

  /**
   * Starts the attempt, at most once whatever happens. Called after the hand-over was committed; news come
   * as observations. Rejects only where the attempt's files could not be written (`cause` says why): then no
   * driver was started, and none will be.
   */
  handOver(order: AttemptOrder): Promise<void>;

  /**
   * Takes up an attempt that was handed over before this server began, and reports what became of it.
   * One that nobody claimed is launched again from its files (harmless, the claim can be taken once);
   * where its files are missing it is withdrawn.
   */
  follow(handle: AttemptHandle): void;

  /**
   * Ends an attempt, carried on until an `ended`, `lost` or `withdrawn` is observed. SIGTERM to the whole
   * tree, `graceMs`, SIGKILL; where the driver has not begun, the claim is taken so that it never will.
   * A second call with a shorter grace shortens it.
   *
   * @param signal what to begin with instead of SIGTERM
   */
  stop(attemptId: string, graceMs: number, signal?: StopSignal): void;

  /** Stops looking after attempts; their drivers go on. */
  close(): Promise<void>;
}

export interface EngineEvents {
  onObservation(observation: Observation): void;
}

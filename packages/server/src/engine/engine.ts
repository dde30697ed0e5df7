import type { JsonObject, StopSignal } from '../job/job.ts';
import type { ResourceRequest } from '../job/resources.ts';

/** Name of the engine that runs drivers on the machine of the server. */
export const LOCAL_ENGINE = 'local';

/** What an engine has in all. GPU devices are named, since a driver is told which are its own. */
export interface EngineCapacity {
  cpus: number;
  memoryBytes: number;
  gpuIds: readonly string[];
  custom: Readonly<Record<string, number>>;
}

/** A node as the engine knows it. */
export interface EngineNode {
  name: string;
  /** By which others reach it; its name where the engine knows no address. */
  address: string;
  cpus: number;
  memoryBytes: number;
  gpus: number;
  custom: Readonly<Record<string, number>>;
  /** In the engine's own words, such as `idle` or `NotReady`. */
  state: string;
  /** Why no driver can begin there now, as a sentence; null where one can. */
  trouble: string | null;
}

/** Everything that is needed to start a driver once. */
export interface AttemptOrder {
  attemptId: string;
  jobId: string;
  tenant: string;
  queue: string;
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
  /** The server ends the driver when it has run as long; null: never. An engine with limits of its own sets none below it. */
  runLimitMs: number | null;
  /** Resource pool labels, in order of preference. */
  poolLabels: readonly string[];
  /** What the job asks of this engine alone, as {@link Engine.checkOptions} has accepted it. */
  engineOptions: JsonObject;
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
  | {
      kind: 'started';
      attemptId: string;
      /** As it is counted on its node. */
      driverPid: number;
      startedAtMs: number;
      /** Where it runs; absent: on the machine of the server. */
      node?: { id: string; address: string };
    }
  /**
   * The driver has ended and nothing of the attempt runs any more. `exitCode` as the shell reports it;
   * `endedAtMs` is when the driver ended. `startFailure` says, for the job's owner, why the driver could not
   * begin (its working directory is gone, say); absent where it ran. `endedBy`: the cluster or somebody there ended it, past this
   * server; absent where it ended by itself or was stopped here.
   */
  | {
      kind: 'ended';
      attemptId: string;
      exitCode: number;
      endedAtMs: number;
      outOfMemory: boolean;
      startFailure?: string;
      endedBy?: { cause: 'time_limit' | 'cancelled'; message: string };
    }
  /** Nothing of the attempt runs any more, and nobody knows how it ended. */
  | { kind: 'lost'; attemptId: string; atMs: number; reason: string }
  /**
   * No driver was started, and none will be, for a reason that another try does not mend: the cluster can never give what the job asks for,
   * or somebody there has cancelled it.
   */
  | { kind: 'refused'; attemptId: string; atMs: number; cause: 'unschedulable' | 'cancelled'; reason: string }
  /** No driver was started, and none will be: the claim is ours. Another attempt may. */
  | { kind: 'withdrawn'; attemptId: string; reason: string };

/**
 * Runs drivers. Knows nothing of HTTP and stores. The path for an adopted driver is the one for a fresh
 * one: `follow` is all it takes, `handOver` only adds the launch.
 */
export interface Engine {
  readonly name: string;

  /**
   * Whether it queues what it is given by rules of its own, as the scheduler of a cluster does: then attempts are handed over
   * whatever it has free, and what it has in all refuses none.
   */
  readonly hasOwnQueue: boolean;

  /** Whether its drivers see the files of the server: working directories that are used in place, environments that were built. */
  readonly sharesDisk: boolean;

  /** Whether it runs drivers in containers, of the image that the option `image` names. */
  readonly runsContainers: boolean;

  /** Identifies the present boot of the machine (or, for a cluster, a constant). */
  readonly bootId: string;

  /** Where it has its own queue: as far as it is known by now. */
  capacity(): EngineCapacity;

  /** As far as they are known by now; empty where the engine's only node is the machine of the server. */
  nodes(): readonly EngineNode[];

  /** Why no driver can be started at this moment, as a sentence for people; null where one can. What is handed over meanwhile starts later. */
  trouble(): string | null;

  /** Why an attempt that was handed over has not begun, as a sentence; null where it has, or where the engine does not say. */
  reasonToWait(attemptId: string): string | null;

  /** What is wrong with a job's options for this engine, as a sentence; null where nothing is. */
  checkOptions(options: JsonObject): string | null;

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
  /** What the engine has in all is another now: nodes have come or gone. Only of one that has its own queue. */
  onCapacityChange?(): void;
}

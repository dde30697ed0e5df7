import type { Door, JsonObject } from '../job/job.ts';

/** The fields of `runtime_env` that this server acts on, checked and in one form. */
export interface EnvironmentPlan {
  workingDirectory: WorkingDirectorySource;
  /** What the driver's Python finds beside its working directory, in this order. */
  pyModules: readonly PyModuleSource[];
  pip: PipPlan;
  /** Not beside requirements of pip. */
  conda: CondaPlan;
  /** The job's own variables. */
  variables: Readonly<Record<string, string>>;
  /** Limit for preparing everything, in milliseconds. */
  setupTimeoutMs: number;
}

/** What a virtual environment holds. */
export interface PipPlan {
  /** Requirement strings; empty for no virtual environment. */
  requirements: readonly string[];
  /** Whether `pip check` has to be content with the outcome. */
  check: boolean;
  /** Version specifier of the pip that installs, `==24.0`; null for the interpreter's own. */
  pipVersion: string | null;
}

/** The conda environment that a driver runs in. */
export type CondaPlan =
  | { kind: 'none' }
  /** Made by others, and known to conda by its name. */
  | { kind: 'named'; name: string }
  /** Made by others, used in place. */
  | { kind: 'directory'; path: string }
  /** To be built: what an `environment.yml` holds. */
  | { kind: 'described'; specification: JsonObject };

/** An archive, and its name in messages. */
export type ArchiveSource =
  | { kind: 'file'; path: string; uri: string }
  /** Uploaded by a client. */
  | { kind: 'package'; name: string; uri: string }
  /** To be fetched by the server; `uri` is an address of http or https. */
  | { kind: 'remote'; uri: string };

/** A directory is the module itself, used in place; an archive holds modules. */
export type PyModuleSource = { kind: 'directory'; path: string } | ArchiveSource;

export type WorkingDirectorySource =
  | { kind: 'directory'; path: string }
  | ArchiveSource
  /** None given (only other doors than openYuanrong's allow that): an empty folder of the attempt's own. */
  | { kind: 'none' };

/** What a driver needs to run: where, and with which variables beyond the engine's allow-list. */
export interface ReadyEnvironment {
  workingDirectory: string;
  variables: Record<string, string>;
  /**
   * Disk space of what was unpacked for the attempt, files and folders rounded up to blocks of 4 KiB; 0 for a working directory used
   * in place or made empty. What the driver writes there is not in it.
   */
  diskBytes: number;
}

/** Why an environment could not be made; the message is for the job's owner. Ends the job, not the server. */
export class EnvironmentFailure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EnvironmentFailure';
  }
}

/** What of an engine decides about environments. */
export interface EngineAbilities {
  /** Whether its drivers see the files of the server. */
  sharesDisk: boolean;
  /** Whether drivers run in containers, of an image that the job names. */
  runsContainers: boolean;
}

/** Whose environment is to be made, and which. */
export interface EnvironmentRequest {
  /** What one tenant's jobs install, another's never run with. */
  tenant: string;
  /** Ray's jobs find modules in their working directory, wherever the script lies that they run. */
  door: Door;
  /** As submitted. */
  runtimeEnv: JsonObject;
  /** Of the engine that will run the driver. Absent: those of the server's own machine. */
  engine?: EngineAbilities;
  /** Limit for preparing it where `runtimeEnv` names none. Absent: the server's. */
  setupLimitMs?: number;
}

/**
 * Makes environments ready, in two steps. Both reject with {@link EnvironmentFailure} where the job's
 * request is the reason, and stop at once (leaving nothing half-made) when `signal` aborts.
 */
export interface EnvironmentPreparer {
  /** Whether {@link prepareShared} has anything to do. */
  needsSharedPart(request: EnvironmentRequest): boolean;

  /**
   * Builds or finds what jobs of a tenant with the same request share (the virtual environment). Runs while the job
   * waits, several jobs wanting the same share one build.
   */
  prepareShared(request: EnvironmentRequest, signal: AbortSignal): Promise<void>;

  /**
   * Makes what belongs to the attempt alone (the unpacked working directory) inside `attemptDirectory`, which
   * exists, and answers what the driver runs with.
   */
  prepareAttempt(request: EnvironmentRequest, attemptDirectory: string, signal: AbortSignal): Promise<ReadyEnvironment>;
}

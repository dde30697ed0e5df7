import type { CapacityOverrides } from './capacity/capacity.ts';

/** What the local engine is opened with. */
export interface LocalEngineOptions {
  /** Where the attempts' directories lie; exists. */
  attemptsDir: string;
  /** `off`: attempts are held by marks of their processes, and nothing is limited. */
  cgroups: 'auto' | 'off';
  /** Names of variables that drivers get from the server's environment beyond the allow-list. */
  passVariables: readonly string[];
  /** Output kept per attempt. Looked at every {@link logCheckIntervalMs}, so a fast writer may exceed it by what it writes meanwhile. */
  logMaxBytes: number;
  /** What this machine offers to jobs, where that is not to be found out. */
  capacity: CapacityOverrides;
  /** Told what goes wrong while the engine runs. */
  log: { warn(details: { err: unknown }, message: string): void };
  /** The server's environment. Default `process.env`. */
  environment?: Readonly<Record<string, string | undefined>>;
  /** How often every attempt is looked at, whatever the watches say. Default 2 s; costs some 50 µs for each. */
  sweepIntervalMs?: number;
  /** Default 5 s. */
  logCheckIntervalMs?: number;
  /** How long after the start the cgroups of servers before it that nobody follows are removed. Default 30 s. */
  strayCgroupsAfterMs?: number;
  /** Runs the launcher and supervisors. Default `/bin/sh`. */
  shell?: string;
}

/** What is in force, for the log at the start. */
export interface LocalEngineDescription {
  /** By what the processes of an attempt are held together. */
  membership: string;
  /** How memory and processor time are limited, or why not. */
  memoryLimit: string;
  cpuLimit: string;
  /** How logs are capped, or why they are left whole. */
  logLimit: string;
  /** What was asked for and is not in force, and why drivers could not outlive the server. */
  warnings: string[];
}

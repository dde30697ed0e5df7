import type { KubernetesSettings } from './settings.ts';

/** What the engine is opened with. */
export interface KubernetesEngineOptions {
  /** By which jobs and queues choose it. */
  name: string;
  settings: KubernetesSettings;
  /** Where the attempts' directories lie; exists. */
  attemptsDir: string;
  /** Told what goes wrong while the engine runs. */
  log: { warn(details: { err: unknown }, message: string): void };
  /** The server's environment, in which a pod finds its cluster. Default `process.env`. */
  environment?: Readonly<Record<string, string | undefined>>;
  /** Default `Date.now`. */
  now?: () => number;
  /** Output kept per attempt. Default 1 GiB. */
  logMaxBytes?: number;
  /** How often every attempt is looked at, whatever the watches say. Default 2 s. */
  sweepIntervalMs?: number;
  /** How often Jobs are looked for that nobody needs. Default 10 s. */
  removeIntervalMs?: number;
}

/** What is in force, for the log at the start. */
export interface KubernetesEngineDescription {
  /** Where the cluster's API is. */
  cluster: string;
  namespaces: string[];
  /** Jobs of this server have it as their label `drover.dev/server`. */
  serverId: string;
  warnings: string[];
}

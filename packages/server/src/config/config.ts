import type { ConfiguredEngines } from './engine-settings.ts';

/**
 * Everything that can be configured, after file, `DROVER_*` variables and flags were merged and checked by `loadConfig`.
 * Units are in the names here, and in the values where they are configured (`30d`, `20GiB`); the keys' own names, their
 * defaults and meanings stand in `keys.ts`, and in `docs/configuration.md`, which is made from it.
 */
export interface Config {
  /** Address to listen on. Default 127.0.0.1. */
  host: string;
  /** 0 takes a free port. Default 8888. */
  port: number;
  /** Port of the Ray Jobs API alone; 0 takes a free port. Default null: it is served under `/ray` only. */
  rayPort: number | null;
  /** Database, attempts and logs. Default: `$XDG_STATE_HOME/drover` or `~/.local/state/drover`. */
  dataDir: string;
  /** Where attempts' directories lie; default `attempts` in the data directory. */
  attemptsDir: string;
  /** Where virtual environments are built and kept; default `environments` in the data directory. */
  environmentsDir: string;
  /** File that holds the bearer token; null for none. */
  tokenFile: string | null;
  /** Allows to listen beyond loopback without a token. Default false. */
  insecure: boolean;
  /** Names that the `Host` header may carry beside IP addresses, localhost and the machine's own. */
  allowedHosts: readonly string[];
  /** Limit of a request's body. Default 10 MiB. */
  bodyLimitBytes: number;
  /** What `start_time` and `end_time` of `/api/jobs` are given in. Default seconds, see the README. */
  openyuanrongTimeUnit: 'seconds' | 'milliseconds';

  /** Engines beside the local one, by name. Default none. */
  engines: ConfiguredEngines;
  /** Runs jobs for which neither they nor their queue name an engine. Default `local`. */
  defaultEngine: string;
  /** How many drivers run at once. Default 16 per core, at least 64. */
  maxRunning: number;
  fairShareHalfLifeMs: number;
  /** What this machine offers to jobs. Defaults: what was found. */
  cpus: number | null;
  memoryBytes: number | null;
  /** Ids for `CUDA_VISIBLE_DEVICES`; null to look for them. */
  gpuIds: readonly string[] | null;
  customResources: Readonly<Record<string, number>>;
  /** Address that others reach this machine by; null to find it. */
  nodeAddress: string | null;
  /** `auto` uses cgroups where they can be written; `off` never. */
  cgroups: 'auto' | 'off';
  /** Time between SIGTERM and SIGKILL unless the job says otherwise. Default 10 s. */
  stopGraceMs: number;
  /** Names of the server's own variables that drivers get as well (PATH, HOME, LANG … always do). */
  passVariables: readonly string[];

  /** Interpreter for `pip` environments. Default `python3`. */
  python: string;
  /** Program for `conda` environments; null to look for conda, mamba and micromamba. */
  conda: string | null;
  /** Limit for preparing an environment. Default 10 min. */
  setupTimeoutMs: number;
  /** Limits of what an archive may unpack to. Defaults 20 GiB, 200,000 entries. */
  archiveMaxBytes: number;
  archiveMaxEntries: number;

  /** Names and addresses that the server fetches archives from for jobs. Default none. */
  allowedArchiveHosts: readonly string[];
  /** Largest archive that a client may upload, or that is fetched. Default 100 MiB, as Ray's dashboard has it. */
  packageMaxBytes: number;
  /** An uploaded archive that no job needs stays this long after it was last asked for. Default 1 h. */
  packageExpiryMs: number;

  /** Names and addresses that webhooks may have although they are not public ones, or speak http. Default none. */
  allowedWebhookHosts: readonly string[];
  /** Events that a webhook has not taken are dropped when older. Default 3 days. */
  webhookMaxAgeMs: number;
  /** Events that wait for one webhook; the oldest are dropped beyond. Default 100,000. */
  webhookMaxWaiting: number;
  /** Size of the events that wait for one webhook. Default 512 MiB. */
  webhookMaxWaitingBytes: number;

  /** Output kept per attempt; the front is dropped beyond. Default 1 GiB. */
  logMaxBytes: number;
  /** Finished jobs are removed when older. Default 30 days; null for never. */
  retentionMaxAgeMs: number | null;
  /** Finished jobs beyond this count are removed, oldest first. Default null: no limit. */
  retentionMaxCount: number | null;
  /** Finished jobs are removed, oldest first, until their logs are within. Default 20 GiB; null for no limit. */
  retentionMaxLogBytes: number | null;

  /** Default info. */
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';
}

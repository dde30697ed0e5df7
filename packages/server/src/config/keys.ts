import { join } from 'node:path';
import type { z } from 'zod';
import { LOCAL_ENGINE } from '../engine/engine.ts';
import type { Config } from './config.ts';
import { configuredEngines } from './engine-settings.ts';
import * as values from './value-schemas.ts';

/** What a default may depend on. */
export interface DefaultContext {
  env: Readonly<Record<string, string | undefined>>;
  homeDir: string;
  /** Processors that this process may use. */
  cores: number;
  /** Keys above in the table that have their value. */
  known: Partial<Config>;
}

/** One row of the table: everything there is to know about one key. */
export interface ConfigKey<T> {
  /** In files; the variable is `DROVER_` and this in upper case, the flag this with dashes. */
  name: string;
  schema: z.ZodType<T, unknown>;
  /** As it would be configured; a function where it depends on the machine. */
  default: string | number | boolean | null | readonly string[] | ((context: DefaultContext) => unknown);
  /** The default in words, where it is not the value itself. */
  defaultText?: string;
  /** Stands for the value in the help; in brackets where the flag alone means true. */
  placeholder: string;
  /** A relative path is taken from the folder of the file that names it, or from the working directory. */
  isPath?: true;
  meaning: string;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

/** Every key that can be configured, in the order of the documentation. */
export const CONFIG_KEYS: { readonly [Field in keyof Config]: ConfigKey<Config[Field]> } = {
  host: {
    name: 'host',
    schema: values.text,
    default: '127.0.0.1',
    placeholder: 'ADDRESS',
    meaning: 'Address to listen on. Any but loopback needs `token_file`, or `insecure`.',
  },
  port: {
    name: 'port',
    schema: values.wholeNumber(0, 65_535),
    default: 8888,
    placeholder: 'PORT',
    meaning: 'Port to listen on; 0 takes a free one.',
  },
  rayPort: {
    name: 'ray_port',
    schema: values.orNone(values.wholeNumber(0, 65_535)),
    default: null,
    placeholder: 'PORT',
    meaning:
      'Second port, with the Ray Jobs API at its root (8265 is the one that Ray clients expect); it is under `/ray` of the first one always.',
  },
  dataDir: {
    name: 'data_dir',
    schema: values.text,
    default: ({ env, homeDir }) => {
      const { XDG_STATE_HOME: stateHome } = env;
      // The XDG specification: a relative path is invalid and has to be ignored.
      return join(stateHome?.startsWith('/') ? stateHome : join(homeDir, '.local', 'state'), 'drover');
    },
    defaultText: '`$XDG_STATE_HOME/drover` or `~/.local/state/drover`',
    placeholder: 'DIR',
    isPath: true,
    meaning: 'Database, attempts and logs; on a local disk, for one server alone.',
  },
  attemptsDir: {
    name: 'attempts_dir',
    schema: values.text,
    default: ({ known }) => join(known.dataDir ?? '', 'attempts'),
    defaultText: '`attempts` in the data directory',
    placeholder: 'DIR',
    isPath: true,
    meaning: "Where attempts' folders with their logs lie. The nodes of a cluster have to see it at the same path.",
  },
  environmentsDir: {
    name: 'environments_dir',
    schema: values.text,
    default: ({ known }) => join(known.dataDir ?? '', 'environments'),
    defaultText: '`environments` in the data directory',
    placeholder: 'DIR',
    isPath: true,
    meaning:
      'Where environments of pip and conda are built and kept. The nodes of a cluster have to see it at the same path.',
  },
  tokenFile: {
    name: 'token_file',
    schema: values.orNone(values.text),
    default: null,
    placeholder: 'FILE',
    isPath: true,
    meaning: 'File that holds the bearer token which requests must carry.',
  },
  insecure: {
    name: 'insecure',
    schema: values.toggle,
    default: false,
    placeholder: '[BOOLEAN]',
    meaning: 'Allows to listen beyond loopback without a token: everybody who reaches the port runs commands here.',
  },
  allowedHosts: {
    name: 'allowed_hosts',
    schema: values.list,
    default: [],
    placeholder: 'NAMES',
    meaning: "Names that the `Host` header may carry beside IP addresses, localhost and the machine's own.",
  },
  bodyLimitBytes: {
    name: 'body_limit',
    schema: values.size,
    default: '10MiB',
    placeholder: 'SIZE',
    meaning: 'Largest body of a request.',
  },
  openyuanrongTimeUnit: {
    name: 'openyuanrong_time_unit',
    schema: values.oneOf(['seconds', 'milliseconds']),
    default: 'seconds',
    placeholder: 'UNIT',
    meaning: 'What `start_time` and `end_time` of `/api/jobs` count: `seconds` or `milliseconds`.',
  },
  engines: {
    name: 'engines',
    schema: configuredEngines,
    default: () => ({}),
    defaultText: 'none',
    placeholder: 'JSON',
    meaning:
      'Clusters that run drivers, beside this machine: names, and the settings of each. See [engines](engines/engines.md).',
  },
  defaultEngine: {
    name: 'default_engine',
    schema: values.text,
    default: LOCAL_ENGINE,
    placeholder: 'NAME',
    meaning: 'Runs jobs for which neither they nor their queue name an engine.',
  },
  maxRunning: {
    name: 'max_running',
    schema: values.wholeNumber(1),
    default: ({ cores }) => Math.max(64, 16 * cores),
    defaultText: '16 per core, at least 64',
    placeholder: 'N',
    meaning: 'How many drivers run at once on this machine; further jobs wait.',
  },
  fairShareHalfLifeMs: {
    name: 'fair_share_half_life',
    schema: values.duration,
    default: '1h',
    placeholder: 'DURATION',
    meaning: 'After this time what a tenant has used counts half, when it is decided whose job comes next.',
  },
  cpus: {
    name: 'cpus',
    schema: values.orAuto(values.amount),
    default: 'auto',
    placeholder: 'N',
    meaning: 'CPUs that jobs share among them; `auto` takes what is found.',
  },
  memoryBytes: {
    name: 'memory',
    schema: values.orAuto(values.size),
    default: 'auto',
    placeholder: 'SIZE',
    meaning: 'Memory that jobs share among them; `auto` takes what is found.',
  },
  gpuIds: {
    name: 'gpu_ids',
    schema: values.orAuto(values.deviceIds),
    default: 'auto',
    placeholder: 'IDS',
    meaning: 'GPUs for jobs, as ids for `CUDA_VISIBLE_DEVICES`; `auto` takes what is found, `none` offers none.',
  },
  customResources: {
    name: 'custom_resources',
    schema: values.namedAmounts,
    default: () => ({}),
    defaultText: 'none',
    placeholder: 'NAME=N,…',
    meaning: 'Other resources that jobs can ask for, with their amounts.',
  },
  nodeAddress: {
    name: 'node_address',
    schema: values.orAuto(values.text),
    default: 'auto',
    placeholder: 'ADDRESS',
    meaning: 'Address that others reach this machine by, shown with its jobs.',
  },
  cgroups: {
    name: 'cgroups',
    schema: values.oneOf(['auto', 'off']),
    default: 'auto',
    placeholder: 'MODE',
    meaning: 'Whether drivers get cgroups: `auto` where they can be written, `off` never.',
  },
  stopGraceMs: {
    name: 'stop_grace',
    schema: values.duration,
    default: '10s',
    placeholder: 'TIME',
    meaning: 'Time between SIGTERM and SIGKILL, unless the job says otherwise.',
  },
  passVariables: {
    name: 'pass_variables',
    schema: values.list,
    default: [],
    placeholder: 'NAMES',
    meaning: "The server's own variables that drivers get as well (`PATH`, `HOME`, `LANG` and their like always).",
  },
  python: {
    name: 'python',
    schema: values.text,
    default: 'python3',
    placeholder: 'PROGRAM',
    meaning: 'Interpreter for `pip` environments.',
  },
  conda: {
    name: 'conda',
    schema: values.orAuto(values.text),
    default: 'auto',
    placeholder: 'PROGRAM',
    meaning:
      'conda, mamba or micromamba, for `conda` environments; `auto` takes the first of the three that is in `PATH`.',
  },
  setupTimeoutMs: {
    name: 'setup_timeout',
    schema: values.duration,
    default: '10m',
    placeholder: 'TIME',
    meaning: 'Longest time to prepare an environment.',
  },
  archiveMaxBytes: {
    name: 'archive_max_size',
    schema: values.size,
    default: '20GiB',
    placeholder: 'SIZE',
    meaning: 'Largest size that an archive may unpack to.',
  },
  archiveMaxEntries: {
    name: 'archive_max_entries',
    schema: values.wholeNumber(1),
    default: 200_000,
    placeholder: 'N',
    meaning: 'Most files and folders that an archive may hold.',
  },
  allowedArchiveHosts: {
    name: 'allowed_archive_hosts',
    schema: values.list,
    default: [],
    placeholder: 'HOSTS',
    meaning:
      'Hosts that `http(s)://` archives of jobs are fetched from. A host that is not on the public internet needs its address in the list as well.',
  },
  packageMaxBytes: {
    name: 'package_max_size',
    schema: values.size,
    default: '100MiB',
    placeholder: 'SIZE',
    meaning: 'Largest archive that a client may upload, or that is fetched.',
  },
  packageExpiryMs: {
    name: 'package_expiry',
    schema: values.duration,
    default: '1h',
    placeholder: 'TIME',
    meaning: 'How long an uploaded archive stays after it was last asked for, if no unfinished job needs it.',
  },
  allowedWebhookHosts: {
    name: 'allowed_webhook_hosts',
    schema: values.list,
    default: [],
    placeholder: 'HOSTS',
    meaning:
      'Hosts, by name or address, that webhooks may be sent to although they are not on the public internet, or without TLS. All others must be public and speak https.',
  },
  webhookMaxAgeMs: {
    name: 'webhook_max_age',
    schema: values.duration,
    default: '3d',
    placeholder: 'TIME',
    meaning: 'How long events are tried on a webhook that does not take them; then they are dropped.',
  },
  webhookMaxWaiting: {
    name: 'webhook_max_waiting',
    schema: values.wholeNumber(1),
    default: 100_000,
    placeholder: 'N',
    meaning: 'Most events that wait for one webhook; beyond, the oldest are dropped.',
  },
  webhookMaxWaitingBytes: {
    name: 'webhook_max_waiting_size',
    schema: values.size,
    default: '512MiB',
    placeholder: 'SIZE',
    meaning: 'Largest size of the events that wait for one webhook; beyond, the oldest are dropped.',
  },
  logMaxBytes: {
    name: 'log_max_size',
    schema: values.size,
    default: '1GiB',
    placeholder: 'SIZE',
    meaning: 'Output kept of one attempt; beyond it the beginning is dropped.',
  },
  retentionMaxAgeMs: {
    name: 'retention_max_age',
    schema: values.orNone(values.duration),
    default: '30d',
    placeholder: 'TIME',
    meaning: 'Finished jobs are removed when older; `none` for never.',
  },
  retentionMaxCount: {
    name: 'retention_max_count',
    schema: values.orNone(values.wholeNumber(0)),
    default: 'none',
    placeholder: 'N',
    meaning: 'Finished jobs beyond this number are removed, oldest first; `none` for no limit.',
  },
  retentionMaxLogBytes: {
    name: 'retention_max_log_size',
    schema: values.orNone(values.size),
    default: '20GiB',
    placeholder: 'SIZE',
    meaning:
      'Finished jobs are removed, oldest first, until their logs and unpacked archives are within this; `none` for no limit.',
  },
  logLevel: {
    name: 'log_level',
    schema: values.oneOf(LOG_LEVELS),
    default: 'info',
    placeholder: 'LEVEL',
    meaning: `Least level of the server's own log: ${LOG_LEVELS.map((level) => `\`${level}\``).join(', ')}.`,
  },
};

/** `max_running` → `DROVER_MAX_RUNNING`. */
export function variableOf(name: string): string {
  return `DROVER_${name.toUpperCase()}`;
}

/** `max_running` → `--max-running`. */
export function flagOf(name: string): string {
  return `--${name.replaceAll('_', '-')}`;
}

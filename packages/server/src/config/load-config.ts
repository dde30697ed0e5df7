import { availableParallelism, homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { LOCAL_ENGINE } from '../engine/engine.ts';
import { RESERVED_VARIABLES } from '../environment/variables.ts';
import { refusalToListen } from '../safety/listen-address.ts';
import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';
import { readConfigFile } from './config-file.ts';
import { CONFIG_KEYS, type ConfigKey, flagOf, variableOf } from './keys.ts';
import { nearest } from './nearest.ts';

export interface ConfigInputs {
  /** By the names of keys (`max_running`), and `config` for the file. Undefined counts as not given. */
  flags: Readonly<Record<string, string | boolean | undefined>>;
  env: Readonly<Record<string, string | undefined>>;
  /** Relative paths in flags and variables begin here. */
  cwd: string;
}

/** The values of one place, by the names of keys. */
interface Source {
  values: Readonly<Record<string, unknown>>;
  /** How the place writes the name of a key. */
  nameOf: (key: string) => string;
  baseDir: string;
}

/** Variables that begin with `DROVER_` and are none of the server's: the CLI's, the launcher's and the drivers' own. */
const OTHER_VARIABLES = [
  'DROVER_ADDRESS',
  'DROVER_TOKEN',
  'DROVER_NODE',
  'DROVER_NOHUP',
  'DROVER_CONFIG',
  ...RESERVED_VARIABLES,
];

const ROWS = Object.entries(CONFIG_KEYS).map(([field, key]: [string, ConfigKey<unknown>]) => ({ field, key }));
const NAMES = ROWS.map(({ key }) => key.name);

/**
 * Merges the file (`--config` or `DROVER_CONFIG`), the `DROVER_*` variables and the flags, in rising precedence. An empty
 * variable counts as not set. Every value is checked, an overridden one too.
 *
 * @throws {ConfigError} with every problem: bad values, unknown keys with the nearest known one, an unreadable file.
 */
export function loadConfig({ flags, env, cwd }: ConfigInputs): Config {
  const problems: string[] = [];
  const sources = [
    fileSource(flags, env, cwd, problems),
    variableSource(env, cwd, problems),
    flagSource(flags, cwd, problems),
  ];

  const known: Record<string, unknown> = {};
  const defaults = { env, homeDir: homedir(), cores: availableParallelism(), known };
  for (const { field, key } of ROWS) {
    let given: unknown = typeof key.default === 'function' ? key.default(defaults) : key.default;
    known[field] = key.schema.parse(given);
    for (const source of sources) {
      given = source.values[key.name];
      if (given === undefined) continue;
      const parsed = key.schema.safeParse(given);
      if (parsed.success) known[field] = key.isPath ? located(parsed.data, source.baseDir) : parsed.data;
      else problems.push(`${source.nameOf(key.name)} must be ${parsed.error.issues[0]?.message}, not ${quoted(given)}`);
    }
  }
  // Every field was parsed by the schema of its own row, which the table's type ties to the field.
  const config = known as unknown as Config;
  const refusal = refusalToListen(config);
  if (refusal !== null) problems.push(refusal);
  const engineNames = [LOCAL_ENGINE, ...Object.keys(config.engines)];
  if (!engineNames.includes(config.defaultEngine)) {
    problems.push(
      `default_engine must be one of the engines (${engineNames.join(', ')}), not '${config.defaultEngine}'`,
    );
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

function fileSource(flags: ConfigInputs['flags'], env: ConfigInputs['env'], cwd: string, problems: string[]): Source {
  const named = typeof flags.config === 'string' ? flags.config : env.DROVER_CONFIG;
  if (named === undefined || named === '') return { values: {}, nameOf: String, baseDir: cwd };
  const path = resolve(cwd, named);
  const file = readConfigFile(path);
  if ('problem' in file) problems.push(file.problem);
  const values = 'problem' in file ? {} : file.values;
  for (const name of Object.keys(values).filter((name) => !NAMES.includes(name))) {
    problems.push(`unknown key '${name}' in ${path}: did you mean '${nearest(name, NAMES)}'?`);
  }
  return { values, nameOf: (key) => `${key} in ${path}`, baseDir: dirname(path) };
}

function variableSource(env: ConfigInputs['env'], cwd: string, problems: string[]): Source {
  const byVariable = new Map(NAMES.map((name) => [variableOf(name), name]));
  const values: Record<string, unknown> = {};
  for (const [variable, value] of Object.entries(env)) {
    const name = byVariable.get(variable);
    if (name !== undefined && value !== '') values[name] = value;
    if (name !== undefined || !variable.startsWith('DROVER_') || variable.startsWith('DROVER_TEST_')) continue;
    if (OTHER_VARIABLES.includes(variable)) continue;
    problems.push(
      `unknown variable ${variable}: did you mean ${nearest(variable, [...byVariable.keys(), ...OTHER_VARIABLES])}?`,
    );
  }
  return { values, nameOf: variableOf, baseDir: cwd };
}

function flagSource(flags: ConfigInputs['flags'], cwd: string, problems: string[]): Source {
  for (const name of Object.keys(flags).filter((name) => name !== 'config' && !NAMES.includes(name))) {
    problems.push(`unknown flag ${flagOf(name)}: did you mean ${flagOf(nearest(name, NAMES) ?? '')}?`);
  }
  return { values: flags, nameOf: flagOf, baseDir: cwd };
}

function located(path: unknown, baseDir: string): unknown {
  return typeof path === 'string' ? resolve(baseDir, path) : path;
}

function quoted(given: unknown): string {
  return typeof given === 'string' ? `'${given}'` : JSON.stringify(given);
}

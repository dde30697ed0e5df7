import { writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { type ConfigInputs, loadConfig } from '../../src/config/load-config.ts';
import { useDirectory } from '../server/use-directory.ts';

const folder = useDirectory();

function load(inputs: Partial<ConfigInputs>) {
  return loadConfig({ flags: {}, env: {}, cwd: folder.path, ...inputs });
}

function file(name: string, content: string): string {
  writeFileSync(join(folder.path, name), content);
  return join(folder.path, name);
}

function problemsOf(inputs: Partial<ConfigInputs>): readonly string[] {
  try {
    load(inputs);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('defaults', () => {
  it('are complete', () => {
    const { maxRunning, ...rest } = load({});
    expect(maxRunning).toBeGreaterThanOrEqual(64);
    expect(rest).toEqual({
      host: '127.0.0.1',
      port: 8888,
      rayPort: null,
      dataDir: join(homedir(), '.local/state/drover'),
      attemptsDir: join(homedir(), '.local/state/drover/attempts'),
      ...{ engines: {}, defaultEngine: 'local' },
      environmentsDir: join(homedir(), '.local/state/drover/environments'),
      tokenFile: null,
      insecure: false,
      allowedHosts: [],
      bodyLimitBytes: 10 * 2 ** 20,
      openyuanrongTimeUnit: 'seconds',
      fairShareHalfLifeMs: 3_600_000,
      cpus: null,
      memoryBytes: null,
      gpuIds: null,
      customResources: {},
      nodeAddress: null,
      cgroups: 'auto',
      stopGraceMs: 10_000,
      passVariables: [],
      python: 'python3',
      conda: null,
      setupTimeoutMs: 600_000,
      archiveMaxBytes: 20 * 2 ** 30,
      archiveMaxEntries: 200_000,
      allowedArchiveHosts: [],
      packageMaxBytes: 100 * 2 ** 20,
      packageExpiryMs: 3_600_000,
      allowedWebhookHosts: [],
      webhookMaxAgeMs: 3 * 86_400_000,
      webhookMaxWaiting: 100_000,
      webhookMaxWaitingBytes: 512 * 1024 ** 2,
      logMaxBytes: 2 ** 30,
      retentionMaxAgeMs: 30 * 86_400_000,
      retentionMaxCount: null,
      retentionMaxLogBytes: 20 * 2 ** 30,
      logLevel: 'info',
    });
  });

  it('follow the state folder of the user, where it is absolute, and the data directory', () => {
    expect(load({ env: { XDG_STATE_HOME: '/state' } }).dataDir).toBe('/state/drover');
    expect(load({ env: { XDG_STATE_HOME: 'state' } }).dataDir).toBe(join(homedir(), '.local/state/drover'));
    expect(load({ flags: { data_dir: '/elsewhere' } }).attemptsDir).toBe('/elsewhere/attempts');
  });
});

describe('precedence', () => {
  it('rises from the file over variables to flags', () => {
    const config = file('three.yaml', 'port: 1\nmax_running: 1\npython: python1\n');
    const env = { DROVER_CONFIG: config, DROVER_MAX_RUNNING: '2', DROVER_PYTHON: 'python2' };
    expect(load({ env, flags: { python: 'python3.13' } })).toMatchObject({
      port: 1,
      maxRunning: 2,
      python: 'python3.13',
    });
  });

  it('prefers the file of the flag, and takes an empty variable as not set', () => {
    file('flag.json', '{"port": 7}');
    const env = { DROVER_CONFIG: '/does/not/exist', DROVER_HOST: '' };
    expect(load({ env, flags: { config: 'flag.json', port: undefined } })).toMatchObject({
      port: 7,
      host: '127.0.0.1',
    });
  });
});

describe('values', () => {
  it('are the same from JSON, YAML and variables', () => {
    const expected = {
      allowedHosts: ['a.example', 'b.example'],
      gpuIds: ['0', '3'],
      customResources: { NPU: 2, licence: 0.5 },
      stopGraceMs: 1_500,
      logMaxBytes: 5e8,
      retentionMaxAgeMs: null,
      retentionMaxCount: 10,
      retentionMaxLogBytes: null,
      insecure: true,
      memoryBytes: 1024,
      cpus: 1.5,
    };
    const json = file(
      'all.json',
      JSON.stringify({
        allowed_hosts: ['a.example', 'b.example'],
        gpu_ids: [0, '3'],
        custom_resources: { NPU: 2, licence: 0.5 },
        stop_grace: '1.5s',
        log_max_size: '500MB',
        retention_max_age: null,
        retention_max_count: 10,
        retention_max_log_size: 'none',
        insecure: true,
        memory: 1024,
        cpus: 1.5,
      }),
    );
    const yaml = file(
      'all.yaml',
      `allowed_hosts: [a.example, b.example]
gpu_ids: 0,3
custom_resources:
  NPU: 2
  licence: 0.5
stop_grace: 1500ms
log_max_size: 500MB
retention_max_age: none
retention_max_count: 10
retention_max_log_size: null
insecure: true
memory: 1KiB
cpus: 1.5
`,
    );
    const env = {
      DROVER_ALLOWED_HOSTS: 'a.example, b.example',
      DROVER_GPU_IDS: '0,3',
      DROVER_CUSTOM_RESOURCES: 'NPU=2,licence=0.5',
      DROVER_STOP_GRACE: '1.5s',
      DROVER_LOG_MAX_SIZE: '500MB',
      DROVER_RETENTION_MAX_AGE: 'none',
      DROVER_RETENTION_MAX_COUNT: '10',
      DROVER_RETENTION_MAX_LOG_SIZE: 'none',
      DROVER_INSECURE: 'true',
      DROVER_MEMORY: '1024',
      DROVER_CPUS: '1.5',
    };
    expect(load({ flags: { config: json } })).toMatchObject(expected);
    expect(load({ flags: { config: yaml } })).toMatchObject(expected);
    expect(load({ env })).toMatchObject(expected);
  });

  it('tell devices to look for from no devices', () => {
    expect(load({ flags: { gpu_ids: 'auto' } }).gpuIds).toBeNull();
    expect(load({ flags: { gpu_ids: 'none' } }).gpuIds).toEqual([]);
  });

  it('take relative paths from where they stand', () => {
    const config = file('paths.yaml', 'data_dir: data\n');
    const { dataDir, tokenFile } = load({ cwd: '/somewhere', flags: { config }, env: { DROVER_TOKEN_FILE: 'token' } });
    expect(dataDir).toBe(join(folder.path, 'data'));
    expect(tokenFile).toBe('/somewhere/token');
  });

  it.each([
    ['port', '65536', "--port must be a whole number from 0 to 65535, not '65536'"],
    ['port', '80x', "--port must be a whole number from 0 to 65535, not '80x'"],
    ['stop_grace', '10', "--stop-grace must be a duration with a unit, such as '10s', '5m' or '30d', not '10'"],
    [
      'log_max_size',
      '1XiB',
      "--log-max-size must be a size of at least 1 byte, such as '20GiB' or '500MB', not '1XiB'",
    ],
    ['log_max_size', '0', "--log-max-size must be a size of at least 1 byte, such as '20GiB' or '500MB', not '0'"],
    [
      'log_max_size',
      'none',
      "--log-max-size must be a size of at least 1 byte, such as '20GiB' or '500MB', not 'none'",
    ],
    ['cpus', '-1', "--cpus must be a number above 0, or 'auto', not '-1'"],
    ['gpu_ids', '0,0', "--gpu-ids must be a list of device ids such as '0,1', 'none', or 'auto', not '0,0'"],
    ['custom_resources', 'NPU', "--custom-resources must be amounts by name, such as 'NPU=1,licence=2', not 'NPU'"],
    ['insecure', 'maybe', "--insecure must be true or false, not 'maybe'"],
    ['cgroups', 'on', "--cgroups must be one of 'auto', 'off', not 'on'"],
    ['data_dir', '', "--data-dir must be a text that is not empty, not ''"],
  ])('refuses %s=%s', (name, value, problem) => {
    expect(problemsOf({ flags: { [name]: value } })).toEqual([problem]);
  });
});

describe('problems', () => {
  it('are all told at once, each with its place and the nearest known name', () => {
    const config = file('wrong.yaml', 'max_runing: 3\nport: [1]\n');
    expect(
      problemsOf({
        flags: { config, log_level: 'loud', hots: 'x' },
        env: {
          DROVER_DATADIR: '/x',
          DROVER_MAX_RUNNING: 'many',
          DROVER_TEST_ANYTHING: '1',
          DROVER_ADDRESS: 'http://x',
        },
      }),
    ).toEqual([
      `unknown key 'max_runing' in ${config}: did you mean 'max_running'?`,
      'unknown variable DROVER_DATADIR: did you mean DROVER_DATA_DIR?',
      'unknown flag --hots: did you mean --host?',
      `port in ${config} must be a whole number from 0 to 65535, not [1]`,
      "DROVER_MAX_RUNNING must be a whole number of at least 1, not 'many'",
      "--log-level must be one of 'trace', 'debug', 'info', 'warn', 'error', 'fatal', not 'loud'",
    ]);
  });

  it('are told of a value that another place overrides', () => {
    expect(problemsOf({ env: { DROVER_PORT: 'x' }, flags: { port: '1' } })).toHaveLength(1);
  });

  it('name a file that is missing, broken or no mapping; an empty one is fine', () => {
    expect(problemsOf({ flags: { config: 'absent.yaml' } })[0]).toContain(join(folder.path, 'absent.yaml'));
    expect(problemsOf({ flags: { config: file('broken.yaml', 'a: [') } })[0]).toContain('broken.yaml cannot be read');
    expect(problemsOf({ flags: { config: file('twice.yaml', 'port: 1\nport: 2') } })[0]).toContain('unique');
    expect(problemsOf({ flags: { config: file('broken.json', '{') } })[0]).toContain('broken.json cannot be read');
    expect(problemsOf({ flags: { config: file('list.yaml', '- port') } })[0]).toContain('must hold keys');
    expect(problemsOf({ flags: { config: file('empty.yaml', '') } })).toEqual([]);
  });

  it('include a server that everybody would reach', () => {
    expect(problemsOf({ flags: { host: '0.0.0.0' } })[0]).toContain('--token-file');
    expect(problemsOf({ flags: { host: '0.0.0.0', insecure: true } })).toEqual([]);
    expect(problemsOf({ flags: { host: '::', token_file: 'token' } })).toEqual([]);
    expect(problemsOf({ flags: { host: '127.0.0.2' } })).toEqual([]);
  });
});

describe('engines', () => {
  const slurm = '{"hpc": {"type": "slurm", "partition": "main"}}';

  it('are settings by name, as JSON or in the file', () => {
    expect(load({ flags: { engines: slurm, default_engine: 'hpc' } })).toMatchObject({
      engines: { hpc: { type: 'slurm', partition: 'main', max_running: 1_000 } },
      defaultEngine: 'hpc',
    });
    const config = file('engines.yaml', 'engines:\n  hpc:\n    type: slurm\n    poll_interval: 10s\n');
    expect(load({ flags: { config } }).engines).toMatchObject({ hpc: { poll_interval: 10_000 } });
  });

  it.each([
    ['[]', 'a mapping from names to the settings of engines'],
    ['{"local": {"type": "slurm"}}', "'local' is none"],
    ['{"A b": {"type": "slurm"}}', "'A b' is none"],
    ['{"hpc": {"type": "moab"}}', "hpc.type: expected 'slurm' or 'kubernetes'"],
    ['{"hpc": {"type": "slurm", "colour": 1}}', "hpc has no key 'colour'"],
    ['{"hpc": {"type": "slurm", "user": "-x"}}', 'hpc.user: a word without spaces'],
  ])('refuses %s', (engines, problem) => {
    expect(problemsOf({ flags: { engines } })[0]).toContain(problem);
  });

  it('include the default one', () => {
    expect(problemsOf({ flags: { engines: slurm, default_engine: 'mars' } })).toEqual([
      "default_engine must be one of the engines (local, hpc), not 'mars'",
    ]);
  });
});

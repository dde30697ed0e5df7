import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findFreePorts } from '../../free-ports.ts';
import { createAccounting } from './accounting.ts';
import { CGROUP_CONF, type ClusterShape, GRES_CONF, slurmConf } from './configuration.ts';
import { createDaemon, type Daemon } from './daemons.ts';
import { killJobProcesses, NODE_VARIABLE, removeCgroups } from './job-processes.ts';
import { JOB_USER } from './requirements.ts';

/** A real Slurm of three nodes on this machine, for as long as this process lives. */
export interface SlurmCluster {
  /** Everything of it lies below; jobs may write to `work`. */
  directory: string;
  work: string;
  slurmConf: string;
  user: string;
  nodes: readonly string[];
  /** Acts as {@link user} without a token. */
  socket: string;
  /** slurmrestd for those who have a token. */
  url: string;
  tokenFile: string;
  controller: Daemon;
  /** slurmdbd; null where the cluster has none. */
  accounting: Daemon | null;
  /** By the names of the nodes. */
  nodeDaemons: Readonly<Record<string, Daemon>>;
  /** Runs one of Slurm's commands as root and answers what it printed. */
  command(program: string, ...args: string[]): Promise<string>;
  /** Waits until all nodes take jobs, and orders those back that Slurm has drained. */
  nodesReady(): Promise<void>;
  /** Ends the jobs on a node, and its slurmd, at once. */
  cutPower(node: string): Promise<void>;
  stop(): Promise<void>;
}

const run = promisify(execFile);
const READY_WITHIN_MS = 60_000;

/** Brings a cluster up, in some two seconds. What is needed for it is there, see `provideSlurm`. */
export async function startSlurmCluster(shape: Partial<ClusterShape> = {}): Promise<SlurmCluster> {
  const directory = mkdtempSync(join(tmpdir(), 'drover-slurm-'));
  const mark = randomBytes(3).toString('hex');
  const nodes = shape.nodes ?? [1, 2, 3].map((number) => `d${mark}n${number}`);
  const conf = join(directory, 'slurm.conf');
  const environment = { SLURM_CONF: conf };
  const [controllerPort = 0, restPort = 0, accountingPort = 0, ...nodePorts] = await findFreePorts(3 + nodes.length);
  await makeDirectories(directory, nodes);
  const defaults = { cpusPerNode: 64, memoryMbPerNode: 32_000, minJobAgeSeconds: 300, hasAccounting: false };
  const whole = { ...defaults, ...shape, nodes };
  const ports = { controller: controllerPort, accounting: accountingPort, nodes: nodePorts };
  writeFileSync(conf, slurmConf(directory, whole, ports));
  writeFileSync(join(directory, 'cgroup.conf'), CGROUP_CONF);
  writeFileSync(join(directory, 'gres.conf'), GRES_CONF);

  const logs = join(directory, 'log');
  const munge = join(directory, 'munge');
  const mungeFiles = ['socket', 'pid-file', 'seed-file', 'log-file', 'key-file'].map(
    (option) => `--${option}=${munge}/${option.replace('-file', '')}`,
  );
  const socket = join(directory, 'sock', 'slurmrestd');
  const tokenFile = join(directory, 'token');
  const versions = ['v0.0.38', 'v0.0.37', 'v0.0.36'];
  const interfaces = (whole.hasAccounting ? ['', 'db'] : ['']).flatMap((kind) =>
    versions.map((version) => `openapi/${kind}${version}`),
  );
  const rest = (name: string, auth: string, where: string, extra = {}) =>
    createDaemon(
      name,
      logs,
      ['slurmrestd', '-a', auth, '-s', interfaces.join(','), '-t', '8', where],
      { ...environment, ...extra },
      JOB_USER,
    );
  const munged = createDaemon('munged', logs, ['munged', '--foreground', ...mungeFiles], {}, 'munge');
  const controller = createDaemon('slurmctld', logs, ['slurmctld', '-D'], environment, 'slurm');
  const nodeDaemons = Object.fromEntries(
    nodes.map((name) => [
      name,
      createDaemon(`slurmd.${name}`, logs, ['slurmd', '-D', '-N', name], { ...environment, [NODE_VARIABLE]: name }),
    ]),
  );
  const byToken = rest('slurmrestd', 'rest_auth/jwt', `127.0.0.1:${restPort}`, { SLURM_JWT: 'daemon' });
  const bySocket = rest('slurmrestd.socket', 'rest_auth/local', `unix:${socket}`);
  const daemons = [bySocket, byToken, ...Object.values(nodeDaemons), controller];
  const accounting = whole.hasAccounting ? await createAccounting(directory, logs, accountingPort, giveTo) : null;

  const command = async (program: string, ...args: string[]) =>
    (await run(program, args, { env: { ...process.env, ...environment }, maxBuffer: 1 << 26 })).stdout;

  async function waitFor(what: string, ask: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + READY_WITHIN_MS;
    while (!(await ask().catch(() => false))) {
      if (performance.now() > deadline) throw new Error(`the Slurm for tests has no ${what}; ${logs} may say why`);
      await delay(50);
    }
  }

  async function allNodesTakeJobs(): Promise<boolean> {
    const lines = (await command('sinfo', '-h', '-N', '-p', 'main', '-o', '%N %T')).trim().split('\n');
    const states = new Map(lines.map((line): [string, string] => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? '']));
    for (const [name, state] of states) {
      if (!/^(drain|down)/.test(state) || nodeDaemons[name]?.pid() == null) continue;
      await command('scontrol', 'update', `nodename=${name}`, 'state=resume');
    }
    return nodes.every((name) => /^(idle|mixed|allocated|completing)$/.test(states.get(name) ?? ''));
  }

  async function cutPower(node: string): Promise<void> {
    await nodeDaemons[node]?.kill('SIGKILL');
    killJobProcesses(conf, node);
  }

  async function stop(): Promise<void> {
    for (const daemon of [bySocket, byToken]) await daemon.kill('SIGTERM');
    await Promise.all(nodes.map(cutPower));
    await controller.kill('SIGKILL');
    await accounting?.kill();
    await munged.kill('SIGTERM');
    for (const node of nodes) {
      killJobProcesses(conf, node);
      removeCgroups(node);
    }
    // What was just killed may still have written something.
    rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  try {
    munged.start();
    await waitFor('munged', async () => (await command('munge', `--socket=${munge}/socket`, '--no-input')) !== '');
    await accounting?.start(waitFor);
    for (const daemon of daemons) daemon.start();
    await waitFor('three nodes', allNodesTakeJobs);
    const token = await command('scontrol', 'token', `username=${JOB_USER}`, 'lifespan=86400');
    writeFileSync(tokenFile, token.trim().replace('SLURM_JWT=', ''), { mode: 0o600 });
    await waitFor('slurmrestd', async () => {
      await run('curl', ['-sf', '--unix-socket', socket, 'http://slurm/slurm/v0.0.38/ping']);
      return true;
    });
    // Only of clusters that slurmdbd knows are books kept; a controller tells it of its own as soon as both are there.
    const isKnown = async () => (await command('sacctmgr', '-nP', 'show', 'cluster', 'format=ControlPort')) !== '0\n';
    if (accounting) await waitFor('accounting', isKnown);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    directory,
    work: join(directory, 'work'),
    slurmConf: conf,
    user: JOB_USER,
    nodes,
    socket,
    url: `http://127.0.0.1:${restPort}`,
    tokenFile,
    controller,
    accounting: accounting?.slurmdbd ?? null,
    nodeDaemons,
    command,
    nodesReady: () => waitFor('three nodes', allNodesTakeJobs),
    cutPower,
    stop,
  };
}

async function makeDirectories(directory: string, nodes: readonly string[]): Promise<void> {
  // Jobs, munged and slurmctld are other users.
  chmodSync(directory, 0o755);
  const owned: [name: string, owner: string, mode: number][] = [
    ['log', 'root', 0o755],
    ['state', 'slurm', 0o700],
    ['munge', 'munge', 0o755],
    ['sock', JOB_USER, 0o700],
    ['work', JOB_USER, 0o755],
    ...nodes.map((name): [string, string, number] => [join('spool', name), 'root', 0o755]),
  ];
  for (const [name, owner, mode] of owned) {
    const path = join(directory, name);
    mkdirSync(path, { recursive: true, mode });
    await giveTo(path, owner);
  }
  const keys: [path: string, owner: string][] = [
    [join(directory, 'jwt.key'), 'slurm'],
    [join(directory, 'munge', 'key'), 'munge'],
  ];
  for (const [path, owner] of keys) {
    writeFileSync(path, randomBytes(128), { mode: 0o600 });
    await giveTo(path, owner);
  }
}

function giveTo(path: string, user: string): Promise<unknown> {
  return run('chown', [`${user}:`, path]);
}

import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type SlurmCluster, startSlurmCluster } from '../../../../../../scripts/clusters/slurm/start-cluster.ts';
import { startDrover } from '../../../cli/fixture/run-drover.ts';
import { pipVariables, pythonOrSkip } from '../../../environment/pip/local-wheel.ts';
import { details, ended, eventually } from '../../../server/job-api.ts';
import { outcomeOn, submitTo } from '../../../server/outcome-on-engine.ts';
import { type RunningServer, startServer } from '../../../server/running-server.ts';
import { describeCluster } from './bring-up.ts';
import { makeFolder } from './harness.ts';

const given = inject('slurm');
/** The user of jobs can run it too. */
const PYTHON = '/usr/bin/python3';

/** One cluster of its own: it is killed. */
describe.skipIf(given === null || !given.isOwn)('a server with a Slurm engine', { timeout: 180_000 }, () => {
  let cluster: SlurmCluster;
  let folder: string;
  let server: RunningServer;

  beforeAll(async () => {
    cluster = await startSlurmCluster();
    await cluster.nodesReady();
    folder = makeFolder(describeCluster(cluster));
    server = await start('0');
  });

  afterAll(async () => {
    await server.stop();
    await cluster.stop();
  });

  function start(port: string, env: NodeJS.ProcessEnv = {}): Promise<RunningServer> {
    const hpc = { type: 'slurm', url: `unix:${cluster.socket}`, user: cluster.user };
    return startServer(
      join(folder, 'data'),
      [
        ...['--attempts-dir', join(folder, 'attempts'), '--engines', JSON.stringify({ hpc })],
        ...['--environments-dir', join(folder, 'environments'), '--python', PYTHON, '--log-max-size', '1MiB'],
        // Of two the last one counts.
        ...['--port', port],
      ],
      env,
    );
  }

  it('runs the same command with the same outcome as on its own machine', async () => {
    const command = 'echo "out of $DROVER_JOB_ID"; echo err >&2; exit 7';
    const [here, there] = await Promise.all(['local', 'hpc'].map((engine) => outcomeOn(server.url, engine, command)));
    expect(here).toMatchObject({ code: 7, stdout: 'out of ID\nerr\n', driver_exit_code: 7 });
    expect(there).toEqual(here);
  });

  it('goes on, and starts the driver once, while the server and the controller are killed in turn', async () => {
    const starts = join(folder, 'starts');
    const release = join(folder, 'release');
    writeFileSync(starts, '');
    chmodSync(starts, 0o666);
    // Slurm saves its state lazily: a controller that dies in the first seconds of a job may kill it, which other tests see to.
    const script = `echo one >>${starts}; sleep 6; echo begun; until [ -e ${release} ]; do sleep 0.1; done; echo released; exit 9`;
    const following = submitTo(server.url, 'hpc', { id: 'survivor', command: script });
    await following.shows('stdout', 'begun');

    const { port } = new URL(server.url);
    await server.kill();
    server = await start(port);
    expect(await details(server.url, 'survivor')).toMatchObject({ status: 'RUNNING' });

    await cluster.controller.kill('SIGKILL');
    await eventually('the engine is told to be out of reach', async () => {
      const engines = await (await fetch(`${server.url}/api/v1/engines`)).json();
      return engines.engines[1].health === 'unavailable';
    });
    expect(await details(server.url, 'survivor')).toMatchObject({ status: 'RUNNING' });
    const meanwhile = startDrover(['submit', '--id', 'meanwhile', '--engine', 'hpc', '--wait', '--', 'exit 3'], {
      address: server.url,
    });
    cluster.controller.start();
    await cluster.nodesReady();

    writeFileSync(release, '');
    const { code, stdout } = await following.outcome;
    expect({ code, stdout }).toEqual({ code: 9, stdout: 'begun\nreleased\n' });
    expect(await ended(server.url, 'survivor')).toMatchObject({ status: 'FAILED', driver_exit_code: 9 });
    expect(readFileSync(starts, 'utf8')).toBe('one\n');
    expect((await meanwhile.outcome).code).toBe(3);
  });

  it('caps the logs of its user, and lets that user run what pip has installed', async (ctx) => {
    await pythonOrSkip(ctx, PYTHON);
    const { port } = new URL(server.url);
    await server.stop();
    server = await start(port, await pipVariables());
    expect(cluster.user).not.toBe('root');
    const print = 'python -c "import drover_probe, getpass; print(drover_probe.ANSWER, getpass.getuser())"';
    const command = `head -c 5000000 /dev/zero | tr "\\0" x; echo; ${print}`;
    const more = ['--pip', 'drover-probe'];
    const { code } = await submitTo(server.url, 'hpc', { id: 'theirs', command, more }).outcome;
    expect(code).toBe(0);
    const log = await fetch(`${server.url}/api/v1/jobs/theirs/logs?tail=1`);
    expect(await log.text()).toBe(`42 ${cluster.user}\n`);
    expect(Number(log.headers.get('drover-log-first-byte'))).toBeGreaterThan(3_000_000);
  });
});

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePorts } from '../../../../../scripts/free-ports.ts';
import { runDrover, startDrover } from '../../cli/fixture/run-drover.ts';
import { details, ended, eventually } from '../../server/job-api.ts';
import { outcomeOn, submitTo } from '../../server/outcome-on-engine.ts';
import { type RunningServer, startServer } from '../../server/running-server.ts';
import { CLUSTER, configuredSettings, KUBECONFIG, openTestCluster, type TestCluster, WITHOUT } from './cluster.ts';
import { killDaemon, startDeadDaemons } from './cluster-daemons.ts';

const title = `a server with a Kubernetes engine${KUBECONFIG === null ? `: ${WITHOUT}` : ''}`;

describe.skipIf(KUBECONFIG === null)(title, { timeout: 180_000 }, () => {
  let cluster: TestCluster;
  let server: RunningServer;
  let port: number;

  beforeAll(async () => {
    cluster = await openTestCluster();
    [port = 0] = await findFreePorts(1, '0.0.0.0');
    server = await start();
  });
  afterAll(async () => {
    if (CLUSTER !== null) await startDeadDaemons();
    await server.stop();
    await cluster.close();
  });

  function start(): Promise<RunningServer> {
    const engines = { pods: configuredSettings(cluster.shared, port) };
    // Of two ports the last one counts.
    const args = ['--host', '0.0.0.0', '--insecure', '--engines', JSON.stringify(engines), '--port', String(port)];
    return startServer(join(cluster.shared, 'data'), args);
  }

  const submit = (id: string, command: string) => submitTo(server.url, 'pods', { id, command });

  it('runs the same command in the same directory with the same outcome as on its own machine', async () => {
    const directory = join(cluster.shared, 'project');
    mkdirSync(directory);
    writeFileSync(join(directory, 'run.sh'), 'echo "out of $DROVER_JOB_ID, $WORD"; echo err >&2; exit 7\n');
    const more = ['--working-dir', directory, '--env', 'WORD=a b'];
    const [here, there] = await Promise.all(
      ['local', 'pods'].map((engine) => outcomeOn(server.url, engine, 'sh run.sh', more)),
    );
    expect(here).toMatchObject({ code: 7, stdout: 'out of ID, a b\nerr\n', driver_exit_code: 7 });
    expect(there).toEqual(here);
  });

  it('shows the nodes of the cluster', async () => {
    const { code, stdout } = await runDrover(['cluster'], { address: server.url });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^n1 .* pods .* healthy$/m);
    expect(stdout).toMatch(/^n2 .* pods .* healthy$/m);
  });

  it('goes on, and starts the driver once, while the server, the apiserver and a kubelet are killed in turn', async () => {
    const starts = join(cluster.shared, 'starts');
    const release = join(cluster.shared, 'release');
    const script = `echo one >>${starts}; echo begun; until [ -e ${release} ]; do sleep 0.1; done; echo released; exit 9`;
    const following = submit('survivor', script);
    await following.shows('stdout', 'begun');

    await server.kill();
    server = await start();
    expect(await details(server.url, 'survivor')).toMatchObject({ status: 'RUNNING' });

    killDaemon('apiserver');
    await eventually('the engine is told to be out of reach', async () => {
      const { engines } = await (await fetch(`${server.url}/api/v1/engines`)).json();
      return engines[1].health === 'unavailable';
    });
    const meanwhile = startDrover(['submit', '--id', 'meanwhile', '--engine', 'pods', '--wait', '--', 'exit 3'], {
      address: server.url,
    });
    await startDeadDaemons();
    expect((await meanwhile.outcome).code).toBe(3);

    killDaemon('n1.kubelet');
    killDaemon('n2.kubelet');
    expect(await details(server.url, 'survivor')).toMatchObject({ status: 'RUNNING' });
    writeFileSync(release, '');
    const { code, stdout } = await following.outcome;
    expect({ code, stdout }).toEqual({ code: 9, stdout: 'begun\nreleased\n' });
    expect(await ended(server.url, 'survivor')).toMatchObject({ status: 'FAILED', driver_exit_code: 9 });
    expect(readFileSync(starts, 'utf8')).toBe('one\n');
  });

  it('stops a driver, and refuses options that are none', async () => {
    const following = submit('stopped', 'echo begun; exec sleep 1000');
    await startDeadDaemons();
    await following.shows('stdout', 'begun');
    expect((await runDrover(['stop', 'stopped'], { address: server.url })).code).toBe(0);
    expect(await ended(server.url, 'stopped')).toMatchObject({ status: 'STOPPED' });
    const refused = ['submit', '--engine', 'pods', '--engine-option', 'privileged=true', '--', 'true'];
    const { code, stderr } = await runDrover(refused, { address: server.url });
    expect(code).not.toBe(0);
    expect(stderr).toContain("'privileged' is no option");
  });
});

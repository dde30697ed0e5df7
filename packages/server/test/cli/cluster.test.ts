import type { Cluster } from '@drover/client/cluster';
import { expect, it } from 'vitest';
import { sendJson, startHttpServer } from '../../../client/test/fixture/http-server.ts';
import { runDrover } from './fixture/run-drover.ts';

const CLUSTER: Cluster = {
  ...{ waiting: 3, running: 2, engines: [] },
  nodes: [
    {
      ...{ id: 'node-1', address: '10.0.0.1', engine: 'local', version: '1.2.3', health: 'healthy', trouble: null },
      capacity: { running: 64, cpus: 4, gpus: 2, memory_bytes: 8 * 2 ** 30, custom: { NPU: 4, licence: 1 } },
      in_use: { running: 2, cpus: 0.5, gpus: 0.25, memory_bytes: 1.5 * 2 ** 30, custom: { NPU: 1, licence: 0 } },
    },
    {
      ...{ id: 'two', address: '10.0.0.2', engine: 'local', version: '1.2.3' },
      ...{ health: 'unavailable', trouble: 'the launcher is gone' },
      capacity: { running: 8, cpus: 1, gpus: 0, memory_bytes: 0, custom: {} },
      in_use: { running: 0, cpus: 0, gpus: 0, memory_bytes: 0, custom: {} },
    },
  ],
};

it.each(['cluster', 'nodes'])('%s shows what the nodes have and what of it is in use', async (name) => {
  const api = await startHttpServer((_, response) => sendJson(response, CLUSTER));
  const { code, stdout, stderr } = await runDrover([name], { address: api.address });
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: [
      'NODE    ADDRESS   ENGINE  VERSION  RUNNING  CPUS   GPUS    MEMORY       OTHER                 HEALTH',
      'node-1  10.0.0.1  local   1.2.3    2/64     0.5/4  0.25/2  1.5GiB/8GiB  NPU 1/4, licence 0/1  healthy',
      'two     10.0.0.2  local   1.2.3    0/8      0/1    0/0     0/0          -                     unavailable: the launcher is gone',
      '',
    ].join('\n'),
    stderr: 'drover: 2 running, 3 waiting for their turn\n',
  });
});

it('shows the engines too where there are several, and of their nodes what is known', async () => {
  const local = { name: 'local', has_own_queue: false, health: 'healthy', trouble: null } as const;
  const amounts = { running: 8, cpus: 4, gpus: 0, memory_bytes: 2 ** 30, custom: {} };
  const idle = { running: 0, cpus: 0, gpus: 0, memory_bytes: 0, custom: {} };
  const hpc = {
    name: 'hpc',
    has_own_queue: true,
    health: 'unavailable',
    trouble: 'slurmctld does not answer',
  } as const;
  const cluster: Cluster = {
    ...{ waiting: 0, running: 0 },
    engines: [
      { ...local, waiting: 2, capacity: amounts, in_use: idle },
      { ...hpc, waiting: 0, capacity: amounts, in_use: { ...idle, running: 3, cpus: 6 } },
    ],
    nodes: [
      {
        ...{ id: 'n1', address: 'n1', engine: 'hpc', version: '1.2.3', health: 'healthy', trouble: null },
        ...{ capacity: { ...amounts, running: null }, in_use: null },
      },
    ],
  };
  const api = await startHttpServer((_, response) => sendJson(response, cluster));
  expect((await runDrover(['cluster'], { address: api.address })).stdout).toBe(
    [
      'ENGINE  WAITING  RUNNING  CPUS  MEMORY  HEALTH',
      'local   2        0/8      0/4   0/1GiB  healthy',
      'hpc     0        3/8      6/4   0/1GiB  unavailable: slurmctld does not answer',
      '',
      'NODE  ADDRESS  ENGINE  VERSION  RUNNING  CPUS  MEMORY  HEALTH',
      'n1    n1       hpc     1.2.3    -        4     1GiB    healthy',
      '',
    ].join('\n'),
  );
});

it('leaves out what no node has', async () => {
  const nodes = CLUSTER.nodes.filter(({ id }) => id === 'two');
  const api = await startHttpServer((_, response) => sendJson(response, { ...CLUSTER, nodes }));
  const { stdout } = await runDrover(['cluster'], { address: api.address });
  expect(stdout).toMatch(/^NODE +ADDRESS +ENGINE +VERSION +RUNNING +CPUS +MEMORY +HEALTH\n/);
});

it("is the API's own object with --json", async () => {
  const api = await startHttpServer((_, response) => sendJson(response, CLUSTER));
  const { stdout, stderr } = await runDrover(['nodes', '--json'], { address: api.address });
  expect(JSON.parse(stdout)).toEqual(CLUSTER);
  expect(stderr).toBe('');
});

it('its other name is completed and explained too', async () => {
  expect((await runDrover(['completion', 'bash'])).stdout).toContain(
    "nodes|nodes\\ *) flags='--address --token-file --json --help'",
  );
  expect((await runDrover(['help', 'nodes'])).stdout).toContain('Usage: drover cluster|nodes [options]');
});

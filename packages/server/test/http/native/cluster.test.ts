import { expect, test } from 'vitest';
import type { ClusterState } from '../../../src/scheduler/cluster-state.ts';
import { startServer } from '../harness.ts';

const CAPACITY = { running: 64, cpus: 4, gpus: 2, memoryBytes: 1_000, custom: { NPU: 4 } };
const IN_USE = { running: 2, cpus: 1.5, gpus: 0.5, memoryBytes: 100, custom: { NPU: 1 } };

function cluster(trouble: string | null): ClusterState {
  const node = { id: 'node-1', address: '10.0.0.1', engine: 'local', capacity: CAPACITY, inUse: IN_USE, trouble };
  const engine = {
    name: 'local',
    hasOwnQueue: false,
    capacity: CAPACITY,
    inUse: IN_USE,
    waiting: 3,
    isAbsent: false,
    trouble,
  };
  return { waiting: 3, running: 2, engines: [engine], nodes: [node] };
}

test('the cluster shows its nodes, what they have and what of it is in use', async () => {
  let trouble: string | null = null;
  const { url } = await startServer({ cluster: () => cluster(trouble) });
  const read = async () => (await fetch(`${url}/api/v1/cluster`)).json();
  const node = {
    ...{ id: 'node-1', address: '10.0.0.1', engine: 'local', version: '1.2.3', health: 'healthy', trouble: null },
    capacity: { running: 64, cpus: 4, gpus: 2, memory_bytes: 1_000, custom: { NPU: 4 } },
    in_use: { running: 2, cpus: 1.5, gpus: 0.5, memory_bytes: 100, custom: { NPU: 1 } },
  };
  const { capacity, in_use, health } = node;
  const engine = { name: 'local', has_own_queue: false, health, trouble: null, waiting: 3, capacity, in_use };
  expect(await read()).toEqual({ waiting: 3, running: 2, engines: [engine], nodes: [node] });
  expect(await (await fetch(`${url}/api/v1/engines`)).json()).toEqual({ engines: [engine] });
  trouble = 'the launcher is gone';
  expect(await read()).toMatchObject({ nodes: [{ ...node, health: 'unavailable', trouble }] });
});

test('an engine that jobs name and the server has not is absent', async () => {
  const trouble = 'this server has no engine hpc';
  const engine = {
    name: 'hpc',
    hasOwnQueue: true,
    capacity: CAPACITY,
    inUse: IN_USE,
    waiting: 4,
    isAbsent: true,
    trouble,
  };
  const { url } = await startServer({ cluster: () => ({ waiting: 4, running: 2, engines: [engine], nodes: [] }) });
  expect(await (await fetch(`${url}/api/v1/engines`)).json()).toMatchObject({
    engines: [{ name: 'hpc', health: 'absent', trouble, waiting: 4, in_use: { running: 2 } }],
  });
});

test('the cluster takes no parameters', async () => {
  const { url } = await startServer();
  const response = await fetch(`${url}/api/v1/cluster?node=x`);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ code: 'INVALID_QUERY' });
});

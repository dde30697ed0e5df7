import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { attemptPaths } from '../../../src/engine/attempt-directory.ts';
import { NO_RESOURCES } from '../../../src/job/resources.ts';
import { fixture, orderFor } from '../orders.ts';
import { until } from '../until.ts';
import { openAttempts, podsOf, type TestAttempts, untilSlow } from './attempts.ts';
import { KUBECONFIG, openTestCluster, type TestCluster, WITHOUT } from './cluster.ts';

describe.skipIf(KUBECONFIG === null).each([
  ['beside each', 'pod'],
  ['on each node', 'node'],
] as const)(`drivers in pods with a courier %s${KUBECONFIG === null ? `: ${WITHOUT}` : ''}`, (_, courier) => {
  let cluster: TestCluster;
  let attempts: TestAttempts;

  beforeAll(async () => {
    cluster = await openTestCluster(courier);
  });
  afterAll(() => cluster.close());
  beforeEach(async () => {
    attempts = await openAttempts(cluster, { settings: { start_patience: 500 } });
  });
  afterEach(() => attempts.close());

  it('brings the working directory that the server made, and says where it lies', async () => {
    const order = orderFor('cat data/in.txt link; pwd; echo "$DROVER_WORKING_DIR $PYTHONPATH"; ./run.sh; touch new');
    const { workingDirectory } = attemptPaths(attempts.attemptsDir, order.attemptId);
    mkdirSync(join(workingDirectory, 'data'), { recursive: true });
    writeFileSync(join(workingDirectory, 'data', 'in.txt'), 'content\n');
    writeFileSync(join(workingDirectory, 'run.sh'), '#!/bin/sh\necho ran\n', { mode: 0o755 });
    symlinkSync('data/in.txt', join(workingDirectory, 'link'));
    const variables = { DROVER_WORKING_DIR: workingDirectory, PYTHONPATH: `${workingDirectory}/data:/opt` };
    await attempts.engine.handOver({ ...order, workingDirectory, variables });
    expect(await attempts.news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 0 });
    expect(attempts.log(order)).toBe('content\ncontent\n/drover/work\n/drover/work /drover/work/data:/opt\nran\n');
  });

  it('runs drivers in an image that has nothing but busybox', async () => {
    const order = orderFor('echo "from $0"; sleep 1000 & exit 6', { engineOptions: { image: 'localhost/busybox:1' } });
    await attempts.engine.handOver({ ...order, graceMs: 200 });
    expect(await attempts.news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 6 });
    expect(attempts.log(order)).toBe('from /bin/sh\n');
  });

  it('tells on which node a driver runs, and what nodes there are', async () => {
    const order = orderFor('true', { engineOptions: { node_selector: { 'kubernetes.io/hostname': 'n2' } } });
    await attempts.engine.handOver(order);
    expect(await attempts.news.of(order.attemptId, 'started')).toMatchObject({ node: { id: 'n2' } });
    const nodes = attempts.engine.nodes();
    expect(nodes.map(({ name, state }) => [name, state])).toEqual([
      ['n1', 'Ready'],
      ['n2', 'Ready'],
    ]);
    expect(attempts.engine.capacity().cpus).toBe(nodes.reduce((sum, { cpus }) => sum + cpus, 0));
    await attempts.news.endOf(order.attemptId);
  });

  it('brings large output whole, also what is written fast', async () => {
    const order = orderFor(
      'i=0; while [ $i -lt 200 ]; do head -c 100000 /dev/zero | tr "\\0" a; echo " $i"; i=$((i + 1)); done',
    );
    await attempts.engine.handOver(order);
    expect(await attempts.news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 0 });
    const lines = attempts.log(order).trimEnd().split('\n');
    expect(lines.map((line) => line.slice(100_000))).toEqual(Array.from({ length: 200 }, (_, index) => ` ${index}`));
  });

  it.each([
    ['the driver itself', fixture('fill-memory.sh'), 137],
    ['a child, of which it takes no notice', 'tail /dev/zero; exit 0', 0],
  ])('says that memory ran out where that ended %s', async (_, entrypoint, exitCode) => {
    const order = orderFor(entrypoint, { resources: { ...NO_RESOURCES, memoryBytes: 48 * 2 ** 20 } });
    await attempts.engine.handOver(order);
    expect(await attempts.news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode, outOfMemory: true });
  });

  it('says what the cluster waits for, and lets go of a Job that is stopped meanwhile', async () => {
    const order = orderFor('true', { resources: { ...NO_RESOURCES, memoryBytes: 2 ** 50 } });
    await attempts.engine.handOver(order);
    const reason = await until('the words of the scheduler', () => {
      const words = attempts.engine.reasonToWait(order.attemptId);
      return words?.includes('Insufficient memory') ? words : null;
    });
    expect(reason).toMatch(/^Kubernetes: 0\/2 nodes are available/);
    attempts.engine.stop(order.attemptId, 1000);
    expect(await attempts.news.endOf(order.attemptId)).toMatchObject({ kind: 'withdrawn' });
    await untilSlow('no pod', async () => (await podsOf(cluster.client, order)).length === 0);
  });

  it('gives up what can never begin, in the words of the cluster', async () => {
    const order = orderFor('true', { engineOptions: { image: 'localhost/nowhere:1' } });
    await attempts.engine.handOver(order);
    expect(await attempts.news.endOf(order.attemptId)).toMatchObject({
      kind: 'refused',
      cause: 'unschedulable',
      reason: expect.stringContaining('ErrImageNeverPull'),
    });
  });

  it('refuses what cannot be asked of Kubernetes, without asking', async () => {
    const order = orderFor('true', { resources: { ...NO_RESOURCES, gpus: 0.5 } });
    await attempts.engine.handOver(order);
    expect(await attempts.news.endOf(order.attemptId)).toMatchObject({
      kind: 'refused',
      reason: 'a part of a GPU cannot be asked of Kubernetes',
    });
  });

  it('tells what the cluster refuses as invalid', async () => {
    const order = orderFor('true', { engineOptions: { node_selector: { 'no label': 'x' } } });
    await attempts.engine.handOver(order);
    expect(await attempts.news.endOf(order.attemptId)).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/^Kubernetes refuses the Job: .*no label/),
    });
  });

  it('leaves no Job and no pod behind', async () => {
    const order = orderFor('exit 3');
    await attempts.engine.handOver(order);
    await attempts.news.endOf(order.attemptId);
    await untilSlow('no pod', async () => (await podsOf(cluster.client, order)).length === 0);
    const path = `/apis/batch/v1/namespaces/default/jobs/${order.attemptId}`;
    expect((await cluster.client.request('GET', path)).status).toBe(404);
  });
});

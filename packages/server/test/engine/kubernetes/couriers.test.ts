import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NodeCouriers } from '../../../../../scripts/clusters/kubernetes/node-couriers.ts';
import type { AttemptOrder } from '../../../src/engine/engine.ts';
import type { PodState } from '../../../src/engine/kubernetes/pod-state.ts';
import { quoteForShell } from '../../../src/engine/order/shell-quote.ts';
import { fixture, orderFor } from '../orders.ts';
import { until } from '../until.ts';
import { openAttempts, podsOf, type TestAttempts, untilSlow } from './attempts.ts';
import { KUBECONFIG, openTestCluster, type TestCluster, WITHOUT } from './cluster.ts';
import { killContainer, killDaemon, startDeadDaemons } from './cluster-daemons.ts';
import { createWaitingDriver } from './waiting-driver.ts';

/** What a courier brings where it, the driver's container or the pod is ended, and where there is no server for a while. */
describe.skipIf(KUBECONFIG === null).each([
  ['beside each driver', 'pod'],
  ['on each node', 'node'],
] as const)(`couriers %s${KUBECONFIG === null ? `: ${WITHOUT}` : ''}`, (_, courier) => {
  let cluster: TestCluster;
  let attempts: TestAttempts;
  const { waitingOrder, begin, release, beginnings } = createWaitingDriver(() => attempts);

  beforeAll(async () => {
    cluster = await openTestCluster(courier);
  });
  afterAll(() => cluster.close());
  beforeEach(async () => {
    attempts = await openAttempts(cluster);
  });
  afterEach(() => attempts.close());

  async function podOf(order: AttemptOrder): Promise<PodState> {
    const [pod] = await podsOf(cluster.client, order);
    if (pod === undefined) throw new Error('there is no pod');
    return pod;
  }

  function nodeCouriers(): NodeCouriers {
    if (cluster.couriers === null) throw new Error('couriers are not on nodes here');
    return cluster.couriers;
  }

  it('bring the rest of the output where the container of the driver dies as a whole, and its code is taken', async () => {
    const written = join(attempts.folder, 'written');
    const order = waitingOrder(0);
    const { entrypoint } = order;
    await begin({ ...order, entrypoint: `(${entrypoint}); : >${quoteForShell(written)}; exec sleep 1000` });
    await cluster.door.close();
    release(order);
    await until('all output', () => existsSync(written));
    killContainer(await podOf(order), 'driver');
    await untilSlow('the end of the container', async () => (await podOf(order)).driver.kind === 'terminated');
    await cluster.door.open();
    expect(await attempts.news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 137 });
    expect(attempts.log(order)).toBe('ready\nreleased\n');
    expect(beginnings(order)).toBe(1);
  });

  it('have the driver asked to end where somebody deletes its Job', async () => {
    const order = orderFor(fixture('end-on-term.sh'));
    await attempts.engine.handOver(order);
    await until('output', () => attempts.log(order).includes('ready'));
    // A container that its kubelet has not seen yet is killed with the rest of the pod, unasked.
    await untilSlow('the container to be known', async () => (await podOf(order)).driver.kind === 'running');
    const path = `/apis/batch/v1/namespaces/default/jobs/${order.attemptId}`;
    await cluster.client.request('DELETE', path, { propagationPolicy: 'Background' });
    expect(await attempts.news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 7 });
    expect(attempts.log(order)).toContain('asked\n');
  });

  it('do not hear of a stop while there is no way to the server: then Kubernetes ends the driver', async () => {
    const order = orderFor(fixture('end-on-term.sh'), { graceMs: 1000 });
    await attempts.engine.handOver(order);
    await until('output', () => attempts.log(order).includes('ready'));
    await cluster.door.close();
    attempts.engine.stop(order.attemptId, 1000);
    await untilSlow('the end of the pod', async () =>
      (await podsOf(cluster.client, order)).every(({ isDeleted }) => isDeleted),
    );
    await cluster.door.open();
    expect(await attempts.news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 7 });
    expect(attempts.log(order)).toContain('asked\n');
  });

  it.runIf(courier === 'pod')(
    'die: the driver goes on, and its code and its output come from its container',
    async () => {
      const order = waitingOrder(48);
      await begin(order);
      killContainer(await podOf(order), 'courier');
      release(order);
      expect(await attempts.news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 48 });
      expect(attempts.log(order)).toBe('ready\nreleased\n');
      expect(beginnings(order)).toBe(1);
    },
  );

  it.runIf(courier === 'node')(
    'die: others go on with the drivers that run, and with those that have ended',
    async () => {
      const written = join(attempts.folder, 'written');
      const lines = 'i=0; while [ $i -lt 5000 ]; do echo "line $i"; i=$((i + 1)); done';
      const first = waitingOrder(48);
      const command = first.entrypoint.replace('exec ', '');
      await begin({ ...first, entrypoint: `${command}; ${lines}; : >${quoteForShell(written)}; exit 48` });
      const second = waitingOrder(49);
      await begin(second);
      await nodeCouriers().remove();
      release(first);
      await until('all output', () => existsSync(written));
      await nodeCouriers().start();
      expect(await attempts.news.endOf(first.attemptId)).toMatchObject({ kind: 'ended', exitCode: 48 });
      const expected = Array.from({ length: 5000 }, (_line, index) => `line ${index}\n`).join('');
      expect(attempts.log(first)).toBe(`ready\nreleased\n${expected}`);
      release(second);
      expect(await attempts.news.endOf(second.attemptId)).toMatchObject({ kind: 'ended', exitCode: 49 });
      expect([beginnings(first), beginnings(second)]).toEqual([1, 1]);
    },
  );

  it.runIf(courier === 'node')(
    'are away: a job that has not begun says what it waits for, and begins when they are back',
    async () => {
      await nodeCouriers().remove();
      const order = waitingOrder(50);
      await attempts.engine.handOver(order);
      await untilSlow('the reason', async () =>
        /^Kubernetes: the pod waits for the courier of the node n[12]$/.test(
          attempts.engine.reasonToWait(order.attemptId) ?? '',
        ),
      );
      await nodeCouriers().start();
      await attempts.news.of(order.attemptId, 'started');
      release(order);
      expect(await attempts.news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 50 });
      expect(beginnings(order)).toBe(1);
    },
  );

  it.runIf(courier === 'node')(
    'find that a pod is gone: its driver is lost at once where nobody saw how it ended',
    async () => {
      const order = waitingOrder(0);
      const node = await begin(order);
      const pod = await podOf(order);
      // The kubelet is not to tell the cluster of the end before the pod is gone.
      killDaemon(`${node}.kubelet`);
      try {
        killContainer(pod, 'driver');
        const path = `/api/v1/namespaces/default/pods/${pod.name}`;
        await cluster.client.request('DELETE', path, { gracePeriodSeconds: 0 });
      } finally {
        await startDeadDaemons();
      }
      expect(await attempts.news.endOf(order.attemptId)).toMatchObject({ kind: 'lost' });
      expect(attempts.log(order)).toBe('ready\n');
    },
  );

  it.runIf(courier === 'node')(
    'stay away: code and output of the driver come from its container after a minute',
    async () => {
      const order = waitingOrder(51);
      await begin(order);
      await nodeCouriers().remove();
      release(order);
      const end = await untilSlow(
        'the end',
        async () => attempts.news.all.find(({ kind }) => kind !== 'started') ?? null,
      );
      await nodeCouriers().start();
      expect(end).toMatchObject({ kind: 'ended', exitCode: 51 });
      expect(attempts.log(order)).toBe('ready\nreleased\n');
      expect(beginnings(order)).toBe(1);
    },
    300_000,
  );
});

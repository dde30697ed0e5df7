import { describe, expect, inject, it } from 'vitest';
import { NO_RESOURCES } from '../../../../src/job/resources.ts';
import { handleOf } from '../../orders.ts';
import { until } from '../../until.ts';
import { settingsFor } from './harness.ts';
import { runOnCluster } from './run-command.ts';
import { openTrial } from './trial.ts';

const cluster = inject('slurm');
const more = {
  pool_labels: { big: { partition: 'first' }, odd: { constraint: 'other' } },
  custom_resources: { NPU: 'npu' },
  allowed_options: ['partition', 'nice'],
};
const settings = cluster?.isOwn ? settingsFor(cluster, 'socket', more) : null;

describe.skipIf(!cluster || !settings)('a job in Slurm', () => {
  if (!cluster || !settings) return;
  const slurm = (program: string, ...args: string[]) => runOnCluster(cluster, program, args);
  const open = () => openTrial(cluster, settings);

  /** What Slurm has of an attempt's job, by a format of squeue. */
  async function seen(attemptId: string, format: string): Promise<string> {
    return (await slurm('squeue', '-h', '-t', 'all', `--name=drover-${attemptId}`, '-o', format)).trim();
  }

  it('is asked for what the order wants, and carries its mark', async () => {
    await using trial = await open();
    const resources = { cpus: 1.5, gpus: 1, memoryBytes: 100 * 2 ** 20, custom: { NPU: 1 } };
    const order = trial.orderFor('echo "gpu $CUDA_VISIBLE_DEVICES on $SLURMD_NODENAME"; pwd', {
      resources,
      runLimitMs: 60_000,
      tenant: 'team',
      queue: 'night',
      workingDirectory: trial.folder,
    });
    await trial.engine().handOver(order);
    expect(await trial.news().endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 0 });
    expect(trial.logOf(order)).toMatch(new RegExp(`^gpu [01] on \\S+\n${trial.folder}\n$`));
    const fields = await seen(order.attemptId, '%C|%m|%l|%b|%k|%u');
    expect(fields).toBe(`2|100M|4:00|gres:gpu:1,gres:npu:1|job=${order.jobId} tenant=team queue=night|${cluster.user}`);
  });

  it.each(['v0.0.36', 'v0.0.37', 'v0.0.38'])(
    'is submitted, signalled and listed in the version %s',
    async (version) => {
      await using trial = await openTrial(cluster, { ...settings, api_version: version });
      const order = trial.orderFor('trap "exit 7" TERM; echo ready; while :; do sleep 0.05; done');
      await trial.engine().handOver(order);
      await trial.hasLogged(order, 'ready');
      await until('Slurm lists it', () => trial.engine().nodes().length === 3);
      trial.engine().stop(order.attemptId, 60_000);
      expect(await trial.news().endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 7 });
    },
  );

  it('tells on which node its driver began', async () => {
    await using trial = await open();
    const order = trial.orderFor('echo "$SLURMD_NODENAME"');
    await trial.engine().handOver(order);
    const { node } = await trial.news().of(order.attemptId, 'started');
    await trial.news().endOf(order.attemptId);
    expect(node).toEqual({ id: trial.logOf(order).trim(), address: '127.0.0.1' });
    expect(trial.engine().nodes()).toHaveLength(3);
    expect(trial.engine().capacity()).toMatchObject({ cpus: 192, custom: { NPU: 3 } });
    expect(trial.engine().capacity().gpuIds).toHaveLength(6);
  });

  it('goes to the partition or the nodes that its pool label stands for, and to the partition that it may ask for', async () => {
    await using trial = await open();
    const big = trial.orderFor('true', { poolLabels: ['unknown', 'big'] });
    const odd = trial.orderFor('true', { poolLabels: ['odd'] });
    const own = trial.orderFor('true', { engineOptions: { partition: 'brief', nice: 5 } });
    for (const order of [big, odd, own]) await trial.engine().handOver(order);
    for (const order of [big, odd, own])
      expect(await trial.news().endOf(order.attemptId)).toMatchObject({ exitCode: 0 });
    expect(await seen(big.attemptId, '%P')).toBe('first');
    expect(await seen(odd.attemptId, '%P %f')).toBe('main other');
    expect(await seen(own.attemptId, '%P')).toBe('brief');
  });

  it('says why it waits, in words', async () => {
    await using trial = await open();
    const order = trial.orderFor('true', {
      resources: { ...NO_RESOURCES, cpus: 64 },
      engineOptions: { partition: 'first' },
    });
    const blocker = trial.orderFor('echo ready; sleep 1000', {
      resources: { ...NO_RESOURCES, cpus: 1 },
      engineOptions: { partition: 'first' },
    });
    await trial.engine().handOver(blocker);
    await trial.hasLogged(blocker, 'ready');
    await trial.engine().handOver(order);
    const reason = await until('a reason to wait', () => {
      const said = trial.engine().reasonToWait(order.attemptId);
      return said?.includes('Resources') ? said : null;
    });
    expect(reason).toBe('Slurm: waits for resources (Resources), partition first');

    // Closed and opened again while it waits there.
    await trial.close();
    await trial.open();
    trial.engine().follow(handleOf(order, trial.engine().bootId));
    trial.engine().follow(handleOf(blocker, trial.engine().bootId, true));
    await until('the reason again', () => trial.engine().reasonToWait(order.attemptId)?.includes('Resources') ?? null);
    trial.engine().stop(blocker.attemptId, 0);
    expect(await trial.news().endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 0 });
    expect(trial.engine().reasonToWait(order.attemptId)).toBeNull();
    expect(trial.startsOf(order)).toBe(1);
  });

  it('waits for a partition that takes no jobs for now, and says so', async () => {
    await using trial = await open();
    const order = trial.orderFor('exit 4', { engineOptions: { partition: 'first' } });
    await slurm('scontrol', 'update', 'partitionname=first', 'state=inactive');
    try {
      await trial.engine().handOver(order);
      const reason = await until('a reason to wait', () => {
        const said = trial.engine().reasonToWait(order.attemptId);
        return said?.includes('does not take') ? said : null;
      });
      expect(reason).toMatch(/^Slurm does not take the job now: .*partition/i);
      expect(trial.engine().trouble()).toBeNull();
    } finally {
      await slurm('scontrol', 'update', 'partitionname=first', 'state=up');
    }
    expect(await trial.news().endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 4 });
    expect(trial.startsOf(order)).toBe(1);
  });

  it('leaves the queue of Slurm when it is stopped there, and never begins', async () => {
    await using trial = await open();
    const order = trial.orderFor('true', {
      resources: { ...NO_RESOURCES, cpus: 1 },
      engineOptions: { partition: 'first' },
    });
    const name = (await slurm('sinfo', '-h', '-p', 'first', '-o', '%N')).trim();
    await slurm('scontrol', 'update', `nodename=${name}`, 'state=drain', 'reason=test');
    try {
      await trial.engine().handOver(order);
      await until('it waits', async () => (await seen(order.attemptId, '%T')) === 'PENDING');
      trial.engine().stop(order.attemptId, 0);
      expect(await trial.news().endOf(order.attemptId)).toMatchObject({ kind: 'withdrawn' });
      await until('it is cancelled', async () => (await seen(order.attemptId, '%T')) === 'CANCELLED');
    } finally {
      await slurm('scontrol', 'update', `nodename=${name}`, 'state=resume');
    }
    expect(trial.startsOf(order)).toBe(0);
  });

  it.each([
    ['a partition that is not there', { engineOptions: { partition: 'nowhere' } }, 'Invalid partition name'],
    ['more memory than a node has', { resources: { ...NO_RESOURCES, memoryBytes: 1e15 } }, 'not available'],
    ['more devices than a node has', { resources: { ...NO_RESOURCES, gpus: 9 } }, 'not available'],
    ['a resource that nobody knows', { resources: { ...NO_RESOURCES, custom: { TPU: 1 } } }, 'TPU'],
  ])('ends where Slurm can never give it %s', async (_, details, words) => {
    await using trial = await open();
    const order = trial.orderFor('true', details);
    await trial.engine().handOver(order);
    expect(await trial.news().endOf(order.attemptId)).toMatchObject({
      kind: 'refused',
      cause: 'unschedulable',
      reason: expect.stringContaining(words),
    });
    expect(trial.startsOf(order)).toBe(0);
  });

  it('ends for want of memory, and says so', async () => {
    await using trial = await open();
    const order = trial.orderFor('exec tail /dev/zero', { resources: { ...NO_RESOURCES, memoryBytes: 50 * 2 ** 20 } });
    await trial.engine().handOver(order);
    expect(await trial.news().endOf(order.attemptId)).toMatchObject({
      kind: 'ended',
      exitCode: 137,
      outOfMemory: true,
    });
  });

  it('tells that somebody cancelled it past Drover, while it ran and while it waited', async () => {
    await using trial = await open();
    const running = trial.orderFor('echo ready; sleep 1000');
    await trial.engine().handOver(running);
    await trial.hasLogged(running, 'ready');
    await slurm('scancel', `--name=drover-${running.attemptId}`);
    expect(await trial.news().endOf(running.attemptId)).toMatchObject({
      kind: 'ended',
      exitCode: 143,
      endedBy: { cause: 'cancelled', message: expect.stringContaining('not by Drover') },
    });

    const waiting = trial.orderFor('true', { resources: { ...NO_RESOURCES, cpus: 10_000 } });
    await trial.engine().handOver(waiting);
    await until('it waits', async () => (await seen(waiting.attemptId, '%T')) === 'PENDING');
    await slurm('scancel', `--name=drover-${waiting.attemptId}`);
    expect(await trial.news().endOf(waiting.attemptId)).toMatchObject({ kind: 'refused', cause: 'cancelled' });
    expect(trial.startsOf(waiting)).toBe(0);
  });

  it('is given to Slurm by the next server where this one died before it could', async () => {
    await using trial = await openTrial(cluster, { ...settings, url: 'unix:/nowhere/at/all' });
    const order = trial.orderFor('exit 6');
    await trial.engine().handOver(order);
    await until('trouble', () => trial.engine().trouble()?.includes('out of reach') ?? null);
    expect(trial.engine().reasonToWait(order.attemptId)).toContain('has not answered');
    await trial.close();
    await trial.open(settings);
    trial.engine().follow(handleOf(order, trial.engine().bootId));
    expect(await trial.news().endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 6 });
    expect(trial.startsOf(order)).toBe(1);
  });
});

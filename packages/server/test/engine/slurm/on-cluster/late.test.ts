import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type SlurmCluster, startSlurmCluster } from '../../../../../../scripts/clusters/slurm/start-cluster.ts';
import { attemptPaths } from '../../../../src/engine/attempt-directory.ts';
import { readRecord } from '../../../../src/engine/record/read-record.ts';
import { handleOf } from '../../orders.ts';
import { until } from '../../until.ts';
import { describeCluster } from './bring-up.ts';
import { type Door, settingsFor } from './harness.ts';
import { openTrial, type Trial } from './trial.ts';

/** Slurm looks once a minute what has expired, and which limits were reached. */
const LONG = { timeout: 180_000 };
const WITHIN_MS = { timeout: 150_000 };

describe.skipIf(inject('slurm')?.isOwn !== true)('what Slurm does after a minute', () => {
  let slurm: SlurmCluster;
  beforeAll(async () => {
    slurm = await startSlurmCluster({ minJobAgeSeconds: 2 });
  });
  afterAll(() => slurm?.stop());

  async function open(door: Door = 'socket'): Promise<Trial> {
    const cluster = describeCluster(slurm);
    const settings = settingsFor(cluster, door, { allowed_options: ['partition'] });
    if (settings === null) throw new Error('a cluster of our own has all doors');
    return openTrial(cluster, settings, { lookForMs: 10_000, supervisorTickSeconds: 1 });
  }

  it.concurrent.each(['socket', 'commands'] as const)(
    'an end is told though Slurm has forgotten the job, and a driver without one is lost where no books are kept: by %s',
    LONG,
    async (door) => {
      await using trial = await open(door);
      const released = join(trial.folder, 'released');
      const ended = trial.orderFor(`until [ -e '${released}' ]; do sleep 0.1; done; exit 9`);
      const killed = trial.orderFor('echo ready; sleep 1000');
      for (const order of [ended, killed]) await trial.engine().handOver(order);
      for (const order of [ended, killed]) await trial.news().of(order.attemptId, 'started');
      await trial.hasLogged(killed, 'ready');
      await trial.close();
      writeFileSync(released, '');
      const { attemptId } = killed;
      const record = readRecord(attemptPaths(trial.attemptsDir, attemptId).record);
      process.kill(record?.supervisor?.pid ?? 0, 'SIGKILL');
      for (const order of [ended, killed]) {
        const names = () => slurm.command('squeue', '-h', '-t', 'all', '-o', '%T', `--name=drover-${order.attemptId}`);
        await expect.poll(async () => (await names()).trim(), WITHIN_MS).toBe('');
      }
      await trial.open();
      for (const order of [ended, killed]) trial.engine().follow(handleOf(order, trial.engine().bootId, true));
      expect(await trial.news().endOf(ended.attemptId)).toMatchObject({ kind: 'ended', exitCode: 9 });
      expect(await trial.news().endOf(attemptId)).toMatchObject({
        kind: 'lost',
        reason: expect.stringContaining('no longer'),
      });
      for (const order of [ended, killed]) expect(trial.startsOf(order)).toBe(1);
      expect(trial.warnings).toEqual([]);
    },
  );

  it.concurrent("a driver that Slurm's limit ended has reached its time limit", LONG, async () => {
    await using trial = await open();
    const order = trial.orderFor('sleep 1000', { engineOptions: { partition: 'brief' } });
    await trial.engine().handOver(order);
    await expect
      .poll(() => trial.news().all.find(({ kind }) => kind !== 'started'), WITHIN_MS)
      .toMatchObject({ kind: 'ended', exitCode: 143, endedBy: { cause: 'time_limit' } });
    await until('no more jobs', async () => (await slurm.command('squeue', '-h', '-p', 'brief')).trim() === '');
    expect(trial.startsOf(order)).toBe(1);
  });
});

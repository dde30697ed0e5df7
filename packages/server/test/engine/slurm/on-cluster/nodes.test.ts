import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type SlurmCluster, startSlurmCluster } from '../../../../../../scripts/clusters/slurm/start-cluster.ts';
import { describeCluster } from './bring-up.ts';
import { settingsFor } from './harness.ts';
import { openTrial } from './trial.ts';

/** Slurm needs some 30 s to believe that a node is gone. */
const LONG = { timeout: 150_000 };
const NODE_IS_GONE_WITHIN_MS = 100_000;

describe.skipIf(inject('slurm')?.isOwn !== true)('where a node of Slurm fails', () => {
  let slurm: SlurmCluster;
  beforeAll(async () => {
    slurm = await startSlurmCluster();
  });
  afterAll(() => slurm?.stop());

  it('its driver is lost with it; one whose node only lost its daemon goes on, and ends truly', LONG, async () => {
    const cluster = describeCluster(slurm);
    const settings = settingsFor(cluster, 'socket', { allowed_options: ['constraint'] });
    if (settings === null) throw new Error('a cluster of our own has a socket');
    await using trial = await openTrial(cluster, settings, { lookForMs: 10_000, supervisorTickSeconds: 1 });
    const released = join(trial.folder, 'released');
    const command = `until [ -e '${released}' ]; do sleep 0.1; done; exit 3`;
    const lost = trial.orderFor(command, { engineOptions: { constraint: 'first' } });
    const going = trial.orderFor(command, { engineOptions: { constraint: 'other' } });
    for (const order of [lost, going]) await trial.engine().handOver(order);
    const node = (await trial.news().of(lost.attemptId, 'started')).node?.id ?? '';
    const other = (await trial.news().of(going.attemptId, 'started')).node?.id ?? '';
    expect(other).not.toBe(node);

    await slurm.cutPower(node);
    await slurm.nodeDaemons[other]?.kill('SIGKILL');
    await expect
      .poll(() => trial.news().all.find(({ kind }) => kind !== 'started'), { timeout: NODE_IS_GONE_WITHIN_MS })
      .toMatchObject({ kind: 'lost', attemptId: lost.attemptId, reason: expect.stringContaining('NODE_FAIL') });
    // Slurm has given it up as well, but it lives, and nothing may take its place.
    const states = await slurm.command('squeue', '-h', '-t', 'all', '-o', '%T', `--name=drover-${going.attemptId}`);
    expect(states.trim()).toBe('NODE_FAIL');
    writeFileSync(released, '');
    expect(await trial.news().endOf(going.attemptId)).toMatchObject({ kind: 'ended', exitCode: 3 });
    for (const order of [lost, going]) expect(trial.startsOf(order)).toBe(1);

    for (const name of [node, other]) slurm.nodeDaemons[name]?.start();
    await slurm.nodesReady();
  });

  it.each(['socket', 'commands'] as const)(
    'a job that its node could not begin has not failed: by %s',
    LONG,
    async (door) => {
      const cluster = describeCluster(slurm);
      const settings = settingsFor(cluster, door);
      if (settings === null) throw new Error('a cluster of our own has all doors');
      await using trial = await openTrial(cluster, settings);
      const conf = readFileSync(slurm.slurmConf, 'utf8');
      try {
        writeFileSync(slurm.slurmConf, `${conf}Prolog=/bin/false\n`);
        await slurm.command('scontrol', 'reconfigure');
        const order = trial.orderFor('true');
        await trial.engine().handOver(order);
        expect(await trial.news().endOf(order.attemptId)).toMatchObject({
          kind: 'withdrawn',
          reason: expect.stringContaining('did not begin'),
        });
        expect(trial.startsOf(order)).toBe(0);
      } finally {
        writeFileSync(slurm.slurmConf, conf);
        await slurm.command('scontrol', 'reconfigure');
        await slurm.nodesReady();
      }
    },
  );
});

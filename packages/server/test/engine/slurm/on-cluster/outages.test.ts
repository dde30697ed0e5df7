import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type SlurmCluster, startSlurmCluster } from '../../../../../../scripts/clusters/slurm/start-cluster.ts';
import { until } from '../../until.ts';
import { describeCluster } from './bring-up.ts';
import { settingsFor } from './harness.ts';
import { openTrial, type Trial } from './trial.ts';

/** Supervisors give a sign of life every 3 s, so that 10 s without one are enough. */
const QUICK = { lookForMs: 10_000, supervisorTickSeconds: 1 };

describe.skipIf(inject('slurm')?.isOwn !== true)('where the controller of Slurm is killed', () => {
  let slurm: SlurmCluster;
  beforeAll(async () => {
    slurm = await startSlurmCluster();
  });
  afterAll(() => slurm?.stop());

  async function open(): Promise<Trial> {
    const cluster = describeCluster(slurm);
    const settings = settingsFor(cluster, 'socket');
    if (settings === null) throw new Error('a cluster of our own has a socket');
    return openTrial(cluster, settings, QUICK);
  }

  /** Slurm writes down what it knows some seconds late. */
  function hasWrittenDown(sinceMs: number): Promise<unknown> {
    const file = join(slurm.directory, 'state', 'job_state');
    return until('Slurm has written its jobs down', () => {
      return (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > sinceMs;
    });
  }

  it('jobs wait or go on, end truly and can be stopped; none fails, and none begins twice', {
    timeout: 120_000,
  }, async () => {
    await using trial = await open();
    const released = join(trial.folder, 'released');
    const waiting = (file: string, code: number) => `until [ -e '${file}' ]; do sleep 0.1; done; exit ${code}`;
    const ending = trial.orderFor(waiting(released, 3));
    const across = trial.orderFor(waiting(`${released}-later`, 4));
    const stopped = trial.orderFor('trap "exit 7" TERM; while :; do sleep 0.1; done');
    for (const order of [ending, stopped, across]) await trial.engine().handOver(order);
    for (const order of [ending, stopped, across]) await trial.news().of(order.attemptId, 'started');
    await hasWrittenDown(Date.now());
    await slurm.controller.kill('SIGKILL');

    const late = trial.orderFor('exit 5');
    await trial.engine().handOver(late);
    writeFileSync(released, '');
    trial.engine().stop(stopped.attemptId, 30_000);
    expect(await trial.news().endOf(ending.attemptId)).toMatchObject({ kind: 'ended', exitCode: 3 });
    expect(await trial.news().endOf(stopped.attemptId)).toMatchObject({ kind: 'ended', exitCode: 7 });
    await until('trouble', () => trial.engine().trouble());
    expect(trial.engine().reasonToWait(late.attemptId)).toMatch(/has not answered|is being submitted/);
    expect(trial.news().all.map(({ attemptId }) => attemptId)).not.toContain(late.attemptId);

    slurm.controller.start();
    await slurm.nodesReady();
    // A question that slurmrestd took while the controller was dead is answered up to 20 s later.
    await expect.poll(() => trial.engine().trouble(), { timeout: 60_000 }).toBeNull();
    await trial.news().of(late.attemptId, 'started');
    expect(await trial.news().endOf(late.attemptId)).toMatchObject({ kind: 'ended', exitCode: 5 });
    writeFileSync(`${released}-later`, '');
    expect(await trial.news().endOf(across.attemptId)).toMatchObject({ kind: 'ended', exitCode: 4 });
    for (const order of [ending, stopped, across, late]) expect(trial.startsOf(order)).toBe(1);
  });

  it.each([200, 900])(
    'a job that began %i ms before begins once, whatever Slurm makes of it',
    { timeout: 120_000 },
    async (ageMs) => {
      await using trial = await open();
      const orders = Array.from({ length: 4 }, () => trial.orderFor('sleep 6; echo done; exit 3'));
      for (const order of orders) await trial.engine().handOver(order);
      for (const order of orders) await trial.news().of(order.attemptId, 'started');
      // By then Slurm has not written it down, and starts such jobs again, or forgets them.
      await delay(ageMs);
      await slurm.controller.kill('SIGKILL');
      slurm.controller.start();
      await slurm.nodesReady();
      for (const order of orders) {
        const end = await until('its end', () => {
          return trial.news().all.find((one) => one.attemptId === order.attemptId && one.kind !== 'started') ?? null;
        });
        expect(trial.startsOf(order)).toBe(1);
        // What came to its end is told with its true code; of what Slurm killed that, or that nobody saw it.
        if (trial.logOf(order) === 'done\n') expect(end).toMatchObject({ kind: 'ended', exitCode: 3 });
        else expect(end.kind === 'lost' || (end.kind === 'ended' && end.exitCode > 128)).toBe(true);
      }
    },
  );
});

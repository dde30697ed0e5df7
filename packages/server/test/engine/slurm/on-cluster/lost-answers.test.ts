import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { until } from '../../until.ts';
import { openCuttingProxy } from './cutting-proxy.ts';
import { settingsFor } from './harness.ts';
import { runOnCluster } from './run-command.ts';
import { openTrial } from './trial.ts';

const cluster = inject('slurm');
const settings = cluster?.isOwn ? settingsFor(cluster, 'socket') : null;

describe.skipIf(!cluster || !settings)('between an engine and slurmrestd', () => {
  if (!cluster || !settings) return;
  const socket = (cluster.socketUrl ?? '').slice('unix:'.length);
  const openProxy = () => openCuttingProxy(socket, join(cluster.work, `proxy-${performance.now()}.sock`));

  it('a job whose submission got no answer is found by its mark, and begins once', async () => {
    await using proxy = await openProxy();
    await using trial = await openTrial(cluster, { ...settings, url: proxy.url });
    proxy.cutSubmissions = 3;
    const orders = Array.from({ length: 3 }, () => trial.orderFor('sleep 1; exit 3'));
    for (const order of orders) await trial.engine().handOver(order);
    for (const order of orders) {
      expect(await trial.news().endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 3 });
      expect(trial.startsOf(order)).toBe(1);
      const jobs = await runOnCluster(cluster, 'squeue', ['-h', '-t', 'all', `--name=drover-${order.attemptId}`]);
      expect(jobs.trim().split('\n')).toHaveLength(1);
    }
    expect(proxy.cutSubmissions).toBe(0);
    expect(trial.warnings.join()).toContain('has not answered');
  });

  it('a job that was stopped before its submission was answered never begins', async () => {
    await using proxy = await openProxy();
    await using trial = await openTrial(cluster, { ...settings, url: proxy.url });
    proxy.cutSubmissions = 1;
    const order = trial.orderFor('true');
    await trial.engine().handOver(order);
    trial.engine().stop(order.attemptId, 0);
    expect(await trial.news().endOf(order.attemptId)).toMatchObject({ kind: 'withdrawn' });
    await until('Slurm is done with it', async () => {
      const states = await runOnCluster(cluster, 'squeue', ['-h', '-o', '%T', `--name=drover-${order.attemptId}`]);
      return proxy.cutSubmissions === 0 && states.trim() === '';
    });
    expect(trial.startsOf(order)).toBe(0);
  });

  it('all jobs are asked after with one question, however many there are, and none where there are none', async () => {
    await using proxy = await openProxy();
    await using trial = await openTrial(cluster, { ...settings, url: proxy.url, poll_interval: 1_000 });
    const from = performance.now();
    const orders = Array.from({ length: 40 }, () => trial.orderFor('sleep 3'));
    for (const order of orders) await trial.engine().handOver(order);
    for (const order of orders) expect(await trial.news().endOf(order.attemptId)).toMatchObject({ exitCode: 0 });
    const seconds = (performance.now() - from) / 1_000;
    const asked = () => proxy.requests.filter((line) => /^GET \S+\/jobs/.test(line)).length;
    expect(asked()).toBeGreaterThan(0);
    expect(asked()).toBeLessThanOrEqual(seconds + 2);
    expect(proxy.requests.filter((line) => /^GET \S+\/job\//.test(line))).toEqual([]);
  });
});

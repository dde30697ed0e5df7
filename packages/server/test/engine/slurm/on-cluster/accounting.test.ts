import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { provideAccounting } from '../../../../../../scripts/clusters/slurm/requirements.ts';
import { type SlurmCluster, startSlurmCluster } from '../../../../../../scripts/clusters/slurm/start-cluster.ts';
import { attemptPaths } from '../../../../src/engine/attempt-directory.ts';
import type { AttemptOrder } from '../../../../src/engine/engine.ts';
import { readRecord } from '../../../../src/engine/record/read-record.ts';
import type { SlurmSettings } from '../../../../src/engine/slurm/settings.ts';
import { handleOf } from '../../orders.ts';
import { until } from '../../until.ts';
import { describeCluster } from './bring-up.ts';
import { openCuttingProxy } from './cutting-proxy.ts';
import { type Door, settingsFor } from './harness.ts';
import { openTrial, type Trial } from './trial.ts';

/** Slurm looks once a minute which jobs it may forget. */
const EXPIRY = { timeout: 150_000, interval: 500 };
const LONG = { timeout: 60_000 };
const CANCELLED = { kind: 'ended', exitCode: 143, endedBy: { cause: 'cancelled' } };

const hasCluster = inject('slurm')?.isOwn === true;
const missing = hasCluster ? provideAccounting(process.env.DROVER_TEST_INSTALL === '1') : null;
if (missing !== null) console.warn(`The tests of Slurm's accounting are skipped: ${missing}.`);

describe.skipIf(!hasCluster || missing !== null)('of jobs that Slurm has forgotten', () => {
  let slurm: SlurmCluster;
  let trial: Trial;
  const orders = new Map<string, AttemptOrder>();

  beforeAll(async () => {
    slurm = await startSlurmCluster({ minJobAgeSeconds: 2, hasAccounting: true });
    trial = await openTrial(describeCluster(slurm), settings('socket'), {
      lookForMs: 10_000,
      supervisorTickSeconds: 1,
    });
    for (const door of ['commands', 'socket', 'token', 'away', 'back']) {
      orders.set(`${door} 0`, trial.orderFor('exit 0'));
      orders.set(`${door} 7`, trial.orderFor('exit 7'));
      for (const how of ['killed', 'cancelled']) {
        orders.set(`${door} ${how}`, trial.orderFor('echo ready; sleep 1000'));
      }
    }
    for (const order of orders.values()) await trial.engine().handOver(order);
    for (const [name, order] of orders) {
      if (/\d$/.test(name)) await trial.news().endOf(order.attemptId);
      else await trial.hasLogged(order, 'ready');
    }
    await trial.close();
    for (const [name, order] of orders) {
      if (name.endsWith('killed')) process.kill(readRecord(recordOf(order))?.supervisor?.pid ?? 0, 'SIGKILL');
      if (name.endsWith('cancelled')) await slurm.command('scancel', `--name=drover-${order.attemptId}`);
    }
    const listed = () => slurm.command('squeue', '-h', '-t', 'all', '-o', '%i');
    await vi.waitFor(async () => expect((await listed()).trim()).toBe(''), EXPIRY);
    for (const order of orders.values()) loseEnd(order);
  }, 200_000);

  afterAll(async () => {
    await trial?.[Symbol.asyncDispose]();
    await slurm?.stop();
  });

  function settings(door: Door): SlurmSettings {
    const found = settingsFor(describeCluster(slurm), door);
    if (found === null) throw new Error('a cluster of our own has all doors');
    return found;
  }

  const recordOf = ({ attemptId }: AttemptOrder) => attemptPaths(trial.attemptsDir, attemptId).record;

  /** As where a file server lost the last that it was given. */
  function loseEnd(order: AttemptOrder): void {
    const kept = readFileSync(recordOf(order), 'utf8').replaceAll(/^(exited|end) .*\n/gm, '');
    writeFileSync(recordOf(order), kept);
  }

  function orderOf(name: string): AttemptOrder {
    const order = orders.get(name);
    if (order === undefined) throw new Error(`there is no ${name}`);
    return order;
  }

  function follow(names: readonly string[]): void {
    for (const name of names) trial.engine().follow(handleOf(orderOf(name), trial.engine().bootId, true));
  }

  const endOf = (name: string) => trial.news().endOf(orderOf(name).attemptId);

  it('sacct tells the true codes', LONG, async () => {
    await trial.open(settings('commands'));
    follow(['commands 0', 'commands 7', 'commands killed', 'commands cancelled']);
    expect(await endOf('commands 0')).toMatchObject({ kind: 'ended', exitCode: 0 });
    expect(await endOf('commands 7')).toMatchObject({ kind: 'ended', exitCode: 7 });
    expect(await endOf('commands killed')).toMatchObject({ kind: 'ended', exitCode: 137 });
    expect(await endOf('commands cancelled')).toMatchObject(CANCELLED);
    await trial.close();
  });

  it('slurmrestd tells the codes that it can, and is asked once for all', LONG, async () => {
    await using proxy = await openCuttingProxy(slurm.socket, join(slurm.work, 'proxy.sock'));
    await trial.open({ ...settings('socket'), url: proxy.url });
    follow(['socket 0', 'socket 7', 'socket killed', 'socket cancelled']);
    expect(await endOf('socket 0')).toMatchObject({ kind: 'ended', exitCode: 0 });
    expect(await endOf('socket killed')).toMatchObject({ kind: 'ended', exitCode: 137 });
    expect(await endOf('socket cancelled')).toMatchObject(CANCELLED);
    // Up to v0.0.38 it tells of no exit code.
    expect(await endOf('socket 7')).toMatchObject({ kind: 'lost', reason: expect.stringContaining('is FAILED') });
    expect(proxy.requests.filter((line) => /^GET \/slurmdb\//.test(line))).toHaveLength(1);
    await trial.close();
  });

  it('slurmrestd tells them to who has a token', LONG, async () => {
    await trial.open(settings('token'));
    follow(['token 0', 'token killed']);
    expect(await endOf('token 0')).toMatchObject({ kind: 'ended', exitCode: 0 });
    expect(await endOf('token killed')).toMatchObject({ kind: 'ended', exitCode: 137 });
    await trial.close();
  });

  it('no end is made up while slurmdbd is dead, and a true one is told as soon as it is back', LONG, async () => {
    await slurm.accounting?.kill('SIGKILL');
    for (const door of ['commands', 'socket'] as const) {
      const kind = door === 'commands' ? '0' : '7';
      await trial.open(settings(door));
      trial.warnings.length = 0;
      follow([`away ${kind}`]);
      expect(await endOf(`away ${kind}`)).toMatchObject({
        kind: 'lost',
        reason: expect.stringContaining('no longer'),
      });
      expect(trial.warnings.join()).toContain('accounting is out of reach');
      expect(trial.engine().trouble()).toBeNull();
      await trial.close();
    }
    await trial.open(settings('commands'));
    trial.warnings.length = 0;
    follow(['back 0', 'back 7', 'back killed']);
    await until('it was asked in vain', () => trial.warnings.join().includes('accounting is out of reach'));
    slurm.accounting?.start();
    expect(await endOf('back 0')).toMatchObject({ kind: 'ended', exitCode: 0 });
    expect(await endOf('back 7')).toMatchObject({ kind: 'ended', exitCode: 7 });
    expect(await endOf('back killed')).toMatchObject({ kind: 'ended', exitCode: 137 });
    await trial.close();
    for (const order of orders.values()) expect(trial.startsOf(order)).toBe(1);
  });
});

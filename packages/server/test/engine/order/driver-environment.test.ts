import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attemptPaths } from '../../../src/engine/attempt-directory.ts';
import type { AttemptOrder } from '../../../src/engine/engine.ts';
import type { LocalEngine } from '../../../src/engine/local/local-engine.ts';
import type { LocalEngineOptions } from '../../../src/engine/local/options.ts';
import { openEngine } from '../local/open-engine.ts';
import { createNews } from '../news.ts';
import { fixture, orderFor } from '../orders.ts';

describe('the environment of a driver', () => {
  let folder: string;
  let engine: LocalEngine | null = null;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'drover-environment-'));
  });

  afterEach(async () => {
    await engine?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function environmentOf(
    order: AttemptOrder,
    options: Partial<LocalEngineOptions>,
  ): Promise<Record<string, string>> {
    const news = createNews();
    engine = await openEngine(folder, news, options);
    await engine.handOver(order);
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 0 });
    return JSON.parse(readFileSync(attemptPaths(folder, order.attemptId).log, 'utf8')).environment;
  }

  const environment = {
    PATH: '/usr/bin:/bin',
    HOME: '/home/someone',
    LC_TIME: 'C',
    DROVER_TOKEN: 'secret',
    AWS_SECRET_ACCESS_KEY: 'secret',
    HTTP_PROXY: 'http://proxy',
    NODE_OPTIONS: '--no-warnings',
  };
  const printed = fixture('print-environment.mjs');

  it('is an allow-list of the server’s, the job’s variables and Drover’s own, and nothing else', async () => {
    const order = orderFor(printed, { variables: { MINE: 'yes', HOME: '/elsewhere' } });
    expect(await environmentOf(order, { environment, passVariables: ['HTTP_PROXY'] })).toEqual({
      PATH: '/usr/bin:/bin',
      HOME: '/elsewhere',
      LC_TIME: 'C',
      HTTP_PROXY: 'http://proxy',
      PYTHONUNBUFFERED: '1',
      MINE: 'yes',
      DROVER_ATTEMPT: order.attemptId,
      // What a shell sets.
      PWD: '/',
    });
  });

  it('lets a job change what is not Drover’s, and keep what is', async () => {
    const order = orderFor(printed, { variables: { PYTHONUNBUFFERED: '', DROVER_ATTEMPT: 'another' } });
    expect(await environmentOf(order, { environment })).toMatchObject({
      PYTHONUNBUFFERED: '',
      DROVER_ATTEMPT: order.attemptId,
    });
  });

  const capacity = { cpus: null, memoryBytes: null, gpuIds: ['0', '1', '2'], custom: {} };

  it('names the devices that are the attempt’s own', async () => {
    const order = orderFor(printed, { gpus: ['2', '0'], variables: { CUDA_VISIBLE_DEVICES: '1' } });
    expect(await environmentOf(order, { environment, capacity })).toMatchObject({ CUDA_VISIBLE_DEVICES: '2,0' });
  });

  it('names none where the machine has some and the attempt was given none', async () => {
    expect(await environmentOf(orderFor(printed), { environment, capacity })).toMatchObject({
      CUDA_VISIBLE_DEVICES: '',
    });
  });

  it('says nothing of devices on a machine that has none', async () => {
    const seen = await environmentOf(orderFor(printed), { environment, capacity: { ...capacity, gpuIds: [] } });
    expect(seen).not.toHaveProperty('CUDA_VISIBLE_DEVICES');
  });
});

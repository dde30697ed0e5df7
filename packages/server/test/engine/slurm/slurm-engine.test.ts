import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { attemptPaths } from '../../../src/engine/attempt-directory.ts';
import { slurmSettings } from '../../../src/engine/slurm/settings.ts';
import { NO_RESOURCES } from '../../../src/job/resources.ts';
import { createNews } from '../news.ts';
import { orderFor } from '../orders.ts';
import { openEngine } from './on-cluster/harness.ts';

const folder = mkdtempSync(join(tmpdir(), 'drover-slurm-engine-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('leaves nothing for a server to come to submit of an order that Slurm cannot be asked for', async () => {
  const news = createNews();
  const settings = slurmSettings.parse({ type: 'slurm', url: `unix:${join(folder, 'nobody-listens')}` });
  const engine = await openEngine(settings, folder, news, { log: { warn: () => {} } });
  const order = orderFor('true', { resources: { ...NO_RESOURCES, custom: { TPU: 1 } } });
  await engine.handOver(order);
  expect(existsSync(attemptPaths(folder, order.attemptId).order)).toBe(false);
  expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'refused', cause: 'unschedulable' });
  await engine.close();
});

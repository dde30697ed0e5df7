import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { addNodes } from '../../src/metrics/nodes.ts';
import { shareLook } from '../../src/metrics/share-look.ts';

test('one scrape looks once, however many metrics it reads, and the next one looks anew', async () => {
  let looks = 0;
  const cluster = shareLook(() => {
    looks += 1;
    return { waiting: 0, running: 0, engines: [], nodes: [] };
  });
  const registry = new Registry();
  addNodes(registry, { cluster });
  await registry.metrics();
  expect(looks).toBe(1);
  await registry.metrics();
  expect(looks).toBe(2);
});

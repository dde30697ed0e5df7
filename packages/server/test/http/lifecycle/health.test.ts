import { expect, test } from 'vitest';
import { startServer } from '../harness.ts';

test('/healthz says that the process serves, whatever is ready', async () => {
  const { url } = await startServer({ isReady: () => false });
  const response = await fetch(`${url}/healthz`);
  expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
});

test('/readyz follows what it is told', async () => {
  let isReady = false;
  const { url } = await startServer({ isReady: () => isReady });
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
  isReady = true;
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
});

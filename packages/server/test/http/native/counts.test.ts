import { expect, test } from 'vitest';
import { startServer, submitted } from '../harness.ts';

test('jobs are counted by status', async () => {
  const { url, service } = await startServer();
  for (const id of ['a', 'b', 'c']) await submitted(service, { id });
  service.start('b');
  service.end('c', { exitCode: 0 });
  const response = await fetch(`${url}/api/v1/counts`);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await response.json()).toEqual({ jobs: { PENDING: 1, RUNNING: 1, SUCCEEDED: 1, FAILED: 0, STOPPED: 0 } });
  expect((await fetch(`${url}/api/v1/counts?tenant=a`)).status).toBe(400);
});

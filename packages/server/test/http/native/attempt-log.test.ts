import { expect, test } from 'vitest';
import { startServer, submitted } from '../harness.ts';

test('the attempt that a job waits for has no output yet, and there is none behind it', async () => {
  const { url, service } = await startServer();
  await submitted(service, { id: 'a' });
  const read = (attempt: number) => fetch(`${url}/api/v1/jobs/a/logs?attempt=${attempt}`);
  const first = await read(1);
  expect([first.status, await first.text()]).toEqual([200, '']);
  const second = await read(2);
  expect([second.status, await second.json()]).toMatchObject([400, { code: 'INVALID_QUERY' }]);
});

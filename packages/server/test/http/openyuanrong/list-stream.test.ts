import { expect, test } from 'vitest';
import { openSocket, startServer, submitted, type TestServer, until } from '../harness.ts';

const JOBS = 6000;

async function withManyJobs(): Promise<TestServer> {
  const server = await startServer();
  const metadata = { filler: 'x'.repeat(4000) };
  for (let index = 0; index < JOBS; index += 1) await submitted(server.service, { id: `app-${index}`, metadata });
  return server;
}

test('without a limit the whole list comes, read in pages', async () => {
  const { url, service } = await withManyJobs();
  const response = await fetch(`${url}/api/jobs`);
  const jobs: { submission_id: string }[] = await response.json();
  expect(jobs.map((job) => job.submission_id)).toEqual(Array.from({ length: JOBS }, (_, at) => `app-${JOBS - 1 - at}`));
  expect(Math.max(...service.listed.map((query) => query.limit))).toBeLessThanOrEqual(1000);
  expect(response.headers.get('link')).toBeNull();
});

test('a client that does not read is not read ahead for, and one that goes away ends the reading', async () => {
  const { url, port, service } = await withManyJobs();
  const pages = JOBS / 200;
  const readAll = async () => (await fetch(`${url}/api/jobs`)).text();
  const socket = await openSocket(port);
  socket.pause();
  socket.write('GET /api/jobs HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await until(() => service.listed.length > 0);
  // While others read everything, it gets as far as the sockets between have room.
  await readAll();
  await readAll();
  const readAhead = service.listed.length - 2 * pages;
  expect(readAhead).toBeLessThan(pages);
  socket.destroy();
  await readAll();
  await readAll();
  expect(service.listed.length - 4 * pages).toBeLessThanOrEqual(readAhead + 1);
});

test('a failure on the way breaks the connection off, since the rest is missing', async () => {
  const { url, service, logLines } = await withManyJobs();
  const response = await fetch(`${url}/api/jobs`);
  service.break(new Error('the disk is gone'));
  await expect(response.text()).rejects.toThrow();
  expect(logLines.some((line) => line.msg === 'an answer broke off')).toBe(true);
});

test('a HEAD of the list reads one page and sends no body', async () => {
  const { url, service } = await withManyJobs();
  const response = await fetch(`${url}/api/jobs`, { method: 'HEAD' });
  expect(response.status).toBe(200);
  expect(await response.text()).toBe('');
  expect(service.listed).toHaveLength(1);
});

import { setTimeout as delay } from 'node:timers/promises';
import type { Drover } from './drover.ts';
import { load, postRequest } from './http-load.ts';

/**
 * Submits so many `true` at once, waits until all have SUCCEEDED, and answers how many that were in a second.
 *
 * @param engine default: that of the server
 */
export async function runNoopJobs(
  { url, port }: Pick<Drover, 'url' | 'port'>,
  jobs: number,
  engine: string | null = null,
): Promise<number> {
  const job = { entrypoint: 'true', runtime_env: { working_dir: '/tmp' } };
  const payloads = [engine === null ? postRequest('/api/jobs', job) : postRequest('/api/v1/jobs', { ...job, engine })];
  const before = await countSucceeded(url);
  const begin = performance.now();
  const submitted = await load({ port, connections: 64, requests: jobs, payloads });
  const accepted = (submitted.statuses['200'] ?? 0) + (submitted.statuses['201'] ?? 0);
  if (accepted !== jobs) throw new Error(JSON.stringify(submitted.statuses));
  while (!(await isIdle(url))) await delay(5);
  const seconds = (performance.now() - begin) / 1_000;
  const succeeded = (await countSucceeded(url)) - before;
  if (succeeded !== jobs) throw new Error(`${succeeded} of ${jobs} jobs succeeded`);
  return jobs / seconds;
}

async function isIdle(url: string): Promise<boolean> {
  const unfinished = await fetch(`${url}/api/jobs?status=PENDING&status=RUNNING&limit=1`);
  return ((await unfinished.json()) as unknown[]).length === 0;
}

async function countSucceeded(url: string): Promise<number> {
  return ((await (await fetch(`${url}/api/jobs?status=SUCCEEDED`)).json()) as unknown[]).length;
}

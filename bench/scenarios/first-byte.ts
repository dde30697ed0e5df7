import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { scratchDirectory, startDrover } from '../harness/drover.ts';
import type { Scenario } from '../harness/scenario.ts';
import { percentile } from '../harness/statistics.ts';

const JOBS = 100;

export const firstByte: Scenario = {
  name: 'first-byte',
  summary: 'from the submit to the first byte of the output seen in follow, one job at a time on an idle server',

  async run() {
    const scratch = scratchDirectory();
    const drover = await startDrover(join(scratch.path, 'data'));
    try {
      const latencies: number[] = [];
      for (let index = 0; index < JOBS; index += 1) {
        latencies.push(await submitToFirstByte(drover.url));
        // The driver and its supervisor end before the next job: the server is idle then.
        await delay(20);
      }
      return {
        figures: [
          { what: 'p50', value: percentile(latencies, 0.5), unit: 'ms', reach: { atMost: 15 } },
          { what: 'p99', value: percentile(latencies, 0.99), unit: 'ms', reach: null },
        ],
        raw: latencies,
      };
    } finally {
      await drover.stop();
      scratch.remove();
    }
  },
};

async function submitToFirstByte(url: string): Promise<number> {
  const begin = performance.now();
  const submitted = await fetch(`${url}/api/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ entrypoint: 'echo x', runtime_env: { working_dir: '/tmp' } }),
  });
  const { submission_id: id } = (await submitted.json()) as { submission_id: string };
  const followed = await fetch(`${url}/api/jobs/${id}/logs?follow=true`);
  if (followed.body === null) throw new Error('no body');
  let firstByteAt: number | null = null;
  for await (const _ of followed.body) firstByteAt ??= performance.now();
  if (firstByteAt === null) throw new Error(`job ${id} wrote nothing`);
  return firstByteAt - begin;
}

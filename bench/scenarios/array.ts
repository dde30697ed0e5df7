import { join } from 'node:path';
import { scratchDirectory, startDrover } from '../harness/drover.ts';
import type { Scenario } from '../harness/scenario.ts';
import { median } from '../harness/statistics.ts';

const SIZE = 100_000;
const ROUNDS = 5;

export const array: Scenario = {
  name: 'array',
  summary: 'an array of 100,000 elements, from the submit to its answer',

  async run() {
    const scratch = scratchDirectory();
    const drover = await startDrover(join(scratch.path, 'data'));
    try {
      const took: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const begin = performance.now();
        const answer = await fetch(`${drover.url}/api/v1/jobs`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ entrypoint: 'sleep 60', array: { size: SIZE, max_running: 1 } }),
        });
        if (answer.status !== 201) throw new Error(await answer.text());
        await answer.arrayBuffer();
        took.push((performance.now() - begin) / 1_000);
      }
      await fetch(`${drover.url}/api/v1/jobs/stop?all=true`, { method: 'POST' });
      return {
        figures: [{ what: 'accepted, median', value: median(took), unit: 's', reach: { atMost: 1 } }],
        raw: took,
      };
    } finally {
      await drover.stop();
      scratch.remove();
    }
  },
};

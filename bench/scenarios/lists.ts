import { startDrover } from '../harness/drover.ts';
import { getRequest, load } from '../harness/http-load.ts';
import type { Scenario } from '../harness/scenario.ts';
import { directoryWithStoredJobs } from '../harness/stored-jobs.ts';

const SIZES = [10_000, 1_000_000] as const;
const REQUESTS = 1_000;

export const lists: Scenario = {
  name: 'lists',
  summary: 'pages of 100 newest jobs, all and FAILED only, one request at a time',

  async run() {
    const figures = [];
    const raw: Record<string, unknown> = {};
    for (const size of SIZES) {
      const drover = await startDrover(await directoryWithStoredJobs(size), ['--retention-max-age', 'none']);
      try {
        for (const [what, query] of [
          ['newest', ''],
          ['newest FAILED', '&status=FAILED'],
        ] as const) {
          const payloads = [getRequest(`/api/v1/jobs?limit=100${query}`)];
          await load({ port: drover.port, connections: 1, requests: 100, payloads });
          const result = await load({ port: drover.port, connections: 1, requests: REQUESTS, payloads });
          raw[`${what} of ${size}`] = result;
          figures.push({
            what: `p99 of 100 ${what}, ${size} stored`,
            value: result.p99Ms,
            unit: 'ms',
            reach: { atMost: 10 },
          });
          figures.push({ what: `p50 of 100 ${what}, ${size} stored`, value: result.p50Ms, unit: 'ms', reach: null });
        }
      } finally {
        await drover.stop();
      }
    }
    return { figures, raw };
  },
};

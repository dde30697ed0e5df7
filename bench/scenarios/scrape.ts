import { startDrover } from '../harness/drover.ts';
import { getRequest, load } from '../harness/http-load.ts';
import type { Figure, Scenario } from '../harness/scenario.ts';
import { directoryWithStoredJobs } from '../harness/stored-jobs.ts';

const STORED = 1_000_000;
const REQUESTS = 500;
const WARM_UP_REQUESTS = 50;

export const scrape: Scenario = {
  name: 'scrape',
  summary: 'GET /metrics with 1,000,000 stored jobs, one request at a time',

  async run() {
    const drover = await startDrover(await directoryWithStoredJobs(STORED), ['--retention-max-age', 'none']);
    const order = { port: drover.port, connections: 1, payloads: [getRequest('/metrics')] };
    try {
      await load({ ...order, requests: WARM_UP_REQUESTS });
      const result = await load({ ...order, requests: REQUESTS });
      const figures: Figure[] = [
        { what: 'p99', value: result.p99Ms, unit: 'ms', reach: { atMost: 10 } },
        { what: 'p50', value: result.p50Ms, unit: 'ms', reach: null },
      ];
      return { figures, raw: result };
    } finally {
      await drover.stop();
    }
  },
};

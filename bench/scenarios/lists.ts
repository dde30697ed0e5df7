import { startDrover } from '../harness/drover.ts';
import { getRequest, load } from '../harness/http-load.ts';
import type { Figure, Scenario } from '../harness/scenario.ts';
import { directoryWithStoredJobs, storedJobId } from '../harness/stored-jobs.ts';

const SIZES = [10_000, 1_000_000] as const;
const REQUESTS = 1_000;
const WARM_UP_REQUESTS = 100;

/** A full search without an index takes too long for a thousand of them. */
const SCANS = 20;

interface List {
  what: string;
  query(size: number): string;
  requests: number;
  p99AtMostMs: number | null;
}

/** One of so many, neither among the newest nor among the oldest. */
const oneJob = (size: number) => `&q=${storedJobId(Math.floor(size * 0.7654))}`;

const LISTS: readonly List[] = [
  list('newest', () => ''),
  list('newest FAILED', () => '&status=FAILED'),
  list('oldest', () => '&sort=submitted_at'),
  list('that ended last', () => '&sort=-ended_at'),
  list('FAILED that ended last', () => '&sort=-ended_at&status=FAILED'),
  list('first by id', () => '&sort=id'),
  list('with a text that all have', () => '&q=script_yr'),
  list('with a text that one has', oneJob),
  list('with a text that none has', () => '&q=app-stored-x'),
  list('with a text that one has, by end', (size) => `&sort=-ended_at${oneJob(size)}`),
  { ...list('with two characters that none has', () => '&q=~~'), requests: SCANS, p99AtMostMs: null },
];

export const lists: Scenario = {
  name: 'lists',
  summary: 'pages of 100: sorted, narrowed, searched for a text; one request at a time',

  async run() {
    const figures: Figure[] = [];
    const raw: Record<string, unknown> = {};
    for (const size of SIZES) {
      const drover = await startDrover(await directoryWithStoredJobs(size), ['--retention-max-age', 'none']);
      try {
        for (const { what, query, requests, p99AtMostMs } of LISTS) {
          const payloads = [getRequest(`/api/v1/jobs?limit=100${query(size)}`)];
          const order = { port: drover.port, connections: 1, payloads };
          await load({ ...order, requests: Math.min(WARM_UP_REQUESTS, requests) });
          const result = await load({ ...order, requests });
          raw[`${what} of ${size}`] = result;
          const reach = p99AtMostMs === null ? null : { atMost: p99AtMostMs };
          figures.push({ what: `p99 of 100 ${what}, ${size} stored`, value: result.p99Ms, unit: 'ms', reach });
          figures.push({ what: `p50 of 100 ${what}, ${size} stored`, value: result.p50Ms, unit: 'ms', reach: null });
        }
      } finally {
        await drover.stop();
      }
    }
    return { figures, raw };
  },
};

function list(what: string, query: List['query']): List {
  return { what, query, requests: REQUESTS, p99AtMostMs: 10 };
}

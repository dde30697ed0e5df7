import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startDrover } from '../harness/drover.ts';
import { getRequest, type LoadResult, load } from '../harness/http-load.ts';
import type { Scenario } from '../harness/scenario.ts';
import { median } from '../harness/statistics.ts';
import { directoryWithStoredJobs, storedJobId } from '../harness/stored-jobs.ts';

const STORED = 100_000;
const ROUNDS = 5;
const REQUESTS = 30_000;
const CONNECTIONS = 64;

export const getJob: Scenario = {
  name: 'get-job',
  summary: 'GET /api/jobs/{id} with 64 connections, against a bare node:http server that sends the same bytes',

  async run() {
    const drover = await startDrover(await directoryWithStoredJobs(STORED), ['--retention-max-age', 'none']);
    const answer = await fetch(`${drover.url}/api/jobs/${storedJobId(1)}`);
    const bare = fork(fileURLToPath(new URL('../harness/bare-server.ts', import.meta.url)));
    bare.send({ body: await answer.text(), etag: answer.headers.get('etag') });
    const [{ port: barePort }] = (await once(bare, 'message')) as [{ port: number }];

    const cold = Array.from({ length: 20_000 }, () =>
      getRequest(`/api/jobs/${storedJobId(Math.floor(Math.random() * STORED))}`),
    );
    const hot = [getRequest(`/api/jobs/${storedJobId(1)}`)];
    const measure = (port: number, payloads: string[]): Promise<LoadResult> =>
      load({ port, connections: CONNECTIONS, requests: REQUESTS, payloads });
    try {
      const rounds: { bare: LoadResult; cold: LoadResult; hot: LoadResult }[] = [];
      await measure(barePort, hot);
      await measure(drover.port, cold);
      for (let round = 0; round < ROUNDS; round += 1) {
        // Side by side in time, since the machine's speed drifts.
        const bareResult = await measure(barePort, hot);
        const coldResult = await measure(drover.port, cold);
        const hotResult = await measure(drover.port, hot);
        rounds.push({ bare: bareResult, cold: coldResult, hot: hotResult });
      }
      const ratio = (kind: 'cold' | 'hot') =>
        median(rounds.map((round) => round[kind].perSecond / round.bare.perSecond));
      return {
        figures: [
          {
            what: 'random ids of 100,000 stored, ratio to bare',
            value: ratio('cold'),
            unit: '',
            reach: { atLeast: 0.5 },
          },
          { what: 'one hot id, ratio to bare', value: ratio('hot'), unit: '', reach: { atLeast: 0.7 } },
          {
            what: 'bare node:http',
            value: median(rounds.map(({ bare: { perSecond } }) => perSecond)),
            unit: '/s',
            reach: null,
          },
          { what: 'random ids', value: median(rounds.map((round) => round.cold.perSecond)), unit: '/s', reach: null },
          { what: 'one hot id', value: median(rounds.map((round) => round.hot.perSecond)), unit: '/s', reach: null },
        ],
        raw: rounds,
      };
    } finally {
      bare.kill();
      await drover.stop();
    }
  },
};

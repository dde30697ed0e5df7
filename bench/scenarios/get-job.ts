import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scratchDirectory, startDrover } from '../harness/drover.ts';
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
  summary:
    'GET /api/jobs/{id} with 64 connections, checks of Host, Origin and token included, against a bare node:http server that sends the same bytes',

  async run() {
    const scratch = scratchDirectory();
    const tokenFile = join(scratch.path, 'token');
    const token = randomBytes(32).toString('hex');
    writeFileSync(tokenFile, token, { mode: 0o600 });
    const args = ['--retention-max-age', 'none', '--token-file', tokenFile];
    const drover = await startDrover(await directoryWithStoredJobs(STORED), args);
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${drover.url}/api/jobs/${storedJobId(1)}`, { headers });
    const bare = fork(fileURLToPath(new URL('../harness/bare-server.ts', import.meta.url)));
    bare.send({ body: await answer.text(), etag: answer.headers.get('etag') });
    const [{ port: barePort }] = (await once(bare, 'message')) as [{ port: number }];

    const cold = Array.from({ length: 20_000 }, () =>
      getRequest(`/api/jobs/${storedJobId(Math.floor(Math.random() * STORED))}`, token),
    );
    const hot = [getRequest(`/api/jobs/${storedJobId(1)}`, token)];
    const measure = async (port: number, payloads: string[]): Promise<LoadResult> => {
      const result = await load({ port, connections: CONNECTIONS, requests: REQUESTS, payloads });
      // A refusal would be quicker than an answer.
      if (result.statuses['200'] !== REQUESTS) throw new Error(JSON.stringify(result.statuses));
      return result;
    };
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
      scratch.remove();
    }
  },
};

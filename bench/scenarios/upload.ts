import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { askChild } from '../harness/ask-child.ts';
import { scratchDirectory, startDrover } from '../harness/drover.ts';
import { watchPeak } from '../harness/peak-memory.ts';
import type { PutOrder } from '../harness/put-client.ts';
import type { Scenario } from '../harness/scenario.ts';
import { median } from '../harness/statistics.ts';
import type { Uploaded, UploadOrder } from '../harness/upload-client.ts';

const FILES = 10;
const FILE_BYTES = 10_000_000;
const BYTES = FILES * FILE_BYTES;
const ROUNDS = 3;

export const upload: Scenario = {
  name: 'upload',
  summary:
    'a package of 100 MB that cannot be made smaller: a directory by the TypeScript client, and a file by a plain PUT',

  async run() {
    const rounds = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await measureRound());
    const highest = (values: number[]) => Math.max(...values);
    return {
      figures: [
        {
          what: "client's resident memory, once it has spoken with the server",
          value: highest(rounds.map(({ warm }) => warm.growthMiB)),
          unit: 'MiB',
          reach: { atMost: 20 },
        },
        {
          what: "the same of a fresh process, Node's HTTP client included",
          value: highest(rounds.map(({ cold }) => cold.growthMiB)),
          unit: 'MiB',
          reach: { atMost: 20 },
        },
        {
          what: "server's resident memory, of a server that just started",
          value: highest(rounds.map(({ serverFirstMiB }) => serverFirstMiB)),
          unit: 'MiB',
          reach: { atMost: 20 },
        },
        {
          what: 'the same at the second upload',
          value: highest(rounds.map(({ serverSecondMiB }) => serverSecondMiB)),
          unit: 'MiB',
          reach: null,
        },
        {
          what: 'by the client: read for the name, read again, packed, sent',
          value: median(rounds.map(({ warm }) => BYTES / 1e6 / warm.seconds)),
          unit: 'MB/s',
          reach: null,
        },
        {
          what: 'by a plain PUT',
          value: median(rounds.map(({ putSeconds }) => BYTES / 1e6 / putSeconds)),
          unit: 'MB/s',
          reach: null,
        },
      ],
      raw: rounds,
    };
  },
};

async function measureRound() {
  const scratch = scratchDirectory();
  const drover = await startDrover(join(scratch.path, 'data'));
  try {
    const { url, pid } = drover;
    const first = watchPeak(pid);
    const warm = await uploadFresh(url, join(scratch.path, 'warm'), true);
    const serverFirstMiB = first.growthMiB();
    const second = watchPeak(pid);
    const cold = await uploadFresh(url, join(scratch.path, 'cold'), false);
    const serverSecondMiB = second.growthMiB();
    const file = join(scratch.path, 'file.zip');
    writeFileSync(file, randomBytes(BYTES));
    const put = watchPeak(pid);
    const order = { url: `${url}/api/v1/packages/file.zip`, file };
    const putSeconds = await askChild<PutOrder, number>('./put-client.ts', order).result;
    return { warm, cold, putSeconds, serverFirstMiB, serverSecondMiB, serverPutMiB: put.growthMiB() };
  } finally {
    await drover.stop();
    scratch.remove();
  }
}

/** Contents that no server has seen. */
function uploadFresh(url: string, directory: string, isWarm: boolean): Promise<Uploaded> {
  mkdirSync(directory);
  for (let index = 0; index < FILES; index += 1) writeFileSync(join(directory, `f${index}`), randomBytes(FILE_BYTES));
  return askChild<UploadOrder, Uploaded>('./upload-client.ts', { url, directory, isWarm }).result;
}

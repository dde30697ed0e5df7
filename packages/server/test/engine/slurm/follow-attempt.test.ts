import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { attemptPaths } from '../../../src/engine/attempt-directory.ts';
import type { SlurmJob } from '../../../src/engine/slurm/client/slurm-client.ts';
import { followAttempt } from '../../../src/engine/slurm/follow-attempt.ts';
import type { FollowContext } from '../../../src/engine/slurm/followed-attempt.ts';
import { handleOf, orderFor } from '../orders.ts';

const folder = mkdtempSync(join(tmpdir(), 'drover-follow-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function job(id: number, state: string): SlurmJob {
  return { id, name: 'drover-x', state, reason: '', waitStatus: null, partition: 'main', submittedAt: 1 };
}

/** An attempt that job 17 has claimed, while job 18 of another submission waits. */
function prepare() {
  const order = orderFor('true');
  const paths = attemptPaths(folder, order.attemptId);
  mkdirSync(paths.directory);
  writeFileSync(paths.order, '');
  writeFileSync(paths.record, 'supervisor 10 200 boot slurm .\nplace 17 n1 .\n');
  const cancelled: number[] = [];
  const slurm = { askedAt: null as number | null };
  const context: FollowContext = {
    jobs: () => [job(17, 'RUNNING'), job(18, 'PENDING')],
    askedAt: () => slurm.askedAt,
    accounted: () => [],
    askSoon: () => {},
    submit: () => Promise.reject(new Error('nothing is to be submitted')),
    wakeSupervisor: () => Promise.resolve(),
    cancel: (ids) => cancelled.push(...ids),
    discard: () => {},
    addressOf: (node) => node,
    report: () => {},
    warn(message, cause) {
      throw new Error(message, { cause });
    },
    now: Date.now,
    lookForMs: 90_000,
  };
  return { attempt: followAttempt(handleOf(order, 'slurm'), paths, context), paths, cancelled, slurm };
}

it('cancels what waits beside the job that has the claim only while Slurm answers, since ids are given away again', async () => {
  const { attempt, paths, cancelled, slurm } = prepare();
  await attempt.examine();
  appendFileSync(paths.record, 'driver 11 201 .\n');
  await attempt.examine();
  expect(cancelled).toEqual([]);
  slurm.askedAt = performance.now();
  await attempt.examine();
  expect(cancelled).toEqual([18]);
  await attempt.close();
});

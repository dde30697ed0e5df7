import type { BulkAnswer } from '@drover/client/job';
import { describe, expect, it } from 'vitest';
import { sendJson, startHttpServer } from '../../../client/test/fixture/http-server.ts';
import { runDrover } from './fixture/run-drover.ts';

async function outcomeOf(args: string[], answer: Partial<BulkAnswer>) {
  const whole = { done: 0, skipped: 0, refused: 0, ids: [], complete: true, ...answer };
  const server = await startHttpServer((_, response) => sendJson(response, whole));
  const { code, stdout, stderr } = await runDrover([...args, '--tenant', 'x'], { address: server.address });
  return { code, stdout, stderr };
}

describe('many jobs', () => {
  it('that had changed meanwhile are counted apart, and no failure', async () => {
    expect(await outcomeOf(['stop'], { done: 1, skipped: 2 })).toEqual({
      ...{ code: 0, stdout: '1 job is being stopped; 2 had ended meanwhile\n', stderr: '' },
    });
    expect(await outcomeOf(['delete'], { done: 2, skipped: 1 })).toEqual({
      ...{ code: 0, stdout: '2 jobs are deleted; 1 was deleted meanwhile\n', stderr: '' },
    });
  });

  it('are more than the ids of the copies that the server names', async () => {
    expect(await outcomeOf(['retry'], { done: 3, ids: ['b', 'a'] })).toEqual({
      ...{ code: 0, stdout: 'b\na\n' },
      stderr: 'drover: 3 jobs are submitted again\ndrover: only the newest 2 of their ids are shown\n',
    });
  });

  it.each([
    ['stop', 'the same command goes on with the rest'],
    ['retry', 'the same command would begin again'],
  ])('%s says when the server shut down before it was through', async (command, advice) => {
    const { code, stderr } = await outcomeOf([command], { done: 1, ids: ['a'], complete: false });
    expect(code).toBe(1);
    expect(stderr).toContain(`drover: the server shut down before it was through; ${advice}`);
  });
});

import { describe, expect, it } from 'vitest';
import type { Job } from '../../src/job/job.ts';
import { createJobWatchers } from '../../src/jobs/job-watchers.ts';
import { waitForJob } from '../../src/jobs/wait-for-job.ts';
import { pendingJob } from '../job/fixtures.ts';

function scene(first: Job | null) {
  let job = first;
  const watchers = createJobWatchers();
  return {
    source: { get: async () => job, watchers },
    become(changed: Job | null) {
      job = changed;
      watchers.tell('app-1', changed);
    },
  };
}

const isRunning = ({ status }: Job) => status === 'RUNNING';

describe('waitForJob', () => {
  it('answers at once where there is nothing to wait for', async () => {
    const running = pendingJob({ status: 'RUNNING' });
    expect(await waitForJob(scene(running).source, 'app-1', isRunning, { timeoutMs: 60_000 })).toBe(running);
    expect(await waitForJob(scene(null).source, 'app-1', isRunning, { timeoutMs: 60_000 })).toBeNull();
  });

  it('answers with the change that was waited for, and not with one before it', async () => {
    const { source, become } = scene(pendingJob());
    const waiting = waitForJob(source, 'app-1', isRunning, { timeoutMs: 60_000 });
    become(pendingJob({ revision: 2 }));
    become(pendingJob({ revision: 3, status: 'RUNNING' }));
    become(pendingJob({ revision: 4, status: 'SUCCEEDED' }));
    expect((await waiting)?.revision).toBe(3);
  });

  it('answers with the job as it is when the time is over or the client has gone', async () => {
    const { source } = scene(pendingJob());
    expect((await waitForJob(source, 'app-1', isRunning, { timeoutMs: 10 }))?.status).toBe('PENDING');
    const { signal } = { signal: AbortSignal.timeout(10) };
    expect((await waitForJob(source, 'app-1', isRunning, { timeoutMs: 60_000, signal }))?.status).toBe('PENDING');
  });

  it('answers null where the job is deleted meanwhile', async () => {
    const { source, become } = scene(pendingJob());
    const waiting = waitForJob(source, 'app-1', isRunning, { timeoutMs: 60_000 });
    become(null);
    expect(await waiting).toBeNull();
  });

  it('fails where the store cannot be asked when the time is over', async () => {
    const { source } = scene(pendingJob());
    let asked = 0;
    const get = async () => {
      asked += 1;
      if (asked > 1) throw new Error('disk on fire');
      return pendingJob();
    };
    await expect(waitForJob({ ...source, get }, 'app-1', isRunning, { timeoutMs: 10 })).rejects.toThrow('disk on fire');
  });
});

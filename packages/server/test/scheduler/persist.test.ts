import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { droverError } from '../../src/errors/drover-error.ts';
import type { JobChange, Transition } from '../../src/job/transition.ts';
import { createPersist } from '../../src/scheduler/persist.ts';
import { pendingJob } from '../job/fixtures.ts';

/** A store whose disk is full as often as it is told. */
function fullStore(failures: number) {
  const applied: string[] = [];
  let left = failures;
  return {
    applied,
    async apply(jobId: string, change: JobChange): Promise<Transition> {
      if (left > 0) {
        left -= 1;
        throw droverError('STORAGE_FULL', {});
      }
      applied.push(`${jobId} ${change.type}`);
      return {
        outcome: 'changed',
        job: pendingJob(),
        event: { id: 1, jobId, type: 'started', atMs: 0, revision: 2, detail: {} },
      };
    },
  };
}

const started: JobChange = { type: 'started', atMs: 1, attemptId: 'att-1', driverPid: 1, startedAtMs: 1 };
const ended: JobChange = {
  type: 'end',
  atMs: 2,
  attemptId: 'att-1',
  end: { status: 'SUCCEEDED', code: 'NONE', message: '', exitCode: 0 },
  logBytes: 0,
};

function scene(failures: number) {
  const logged: string[] = [];
  const store = fullStore(failures);
  const closing = new AbortController();
  const log = pino({ level: 'info' }, { write: (line: string) => logged.push(JSON.parse(line).msg) });
  return { ...store, logged, closing, persist: createPersist(store, log, closing.signal) };
}

describe('persist', () => {
  it('waits for room on the disk, keeps the order of a job, and says each thing once', async () => {
    const { persist, applied, logged } = scene(2);
    const other = persist('b', ended);
    await Promise.all([persist('a', started), persist('a', ended), other]);
    expect(applied.filter((line) => line.startsWith('a'))).toEqual(['a started', 'a end']);
    expect(applied).toContain('b end');
    expect(logged).toEqual([
      'no space to record changes of jobs; trying again every second',
      'the disk has room again: changes of jobs are recorded',
    ]);
  });

  it('gives up when the server closes', async () => {
    const { persist, closing, applied } = scene(Number.POSITIVE_INFINITY);
    const written = persist('a', started);
    closing.abort();
    await expect(written).rejects.toThrow();
    expect(applied).toEqual([]);
  });

  it('writes what comes after a change that failed', async () => {
    let calls = 0;
    const apply = async (): Promise<Transition> => {
      calls += 1;
      if (calls === 1) throw new Error('a fault');
      return { outcome: 'unchanged', job: pendingJob() };
    };
    const persist = createPersist({ apply }, pino({ level: 'silent' }), new AbortController().signal);
    const [first, second] = await Promise.allSettled([persist('a', started), persist('a', ended)]);
    expect([first?.status, second?.status]).toEqual(['rejected', 'fulfilled']);
  });
});

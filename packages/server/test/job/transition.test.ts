import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JobEnd } from '../../src/job/end.ts';
import type { Job } from '../../src/job/job.ts';
import { isTerminal } from '../../src/job/status.ts';
import { type JobChange, transition } from '../../src/job/transition.ts';
import { attempt, pendingJob } from './fixtures.ts';

const SUCCESS: JobEnd = { status: 'SUCCEEDED', code: 'NONE', message: '', exitCode: 0 };
const FAILURE: JobEnd = { status: 'FAILED', code: 'ENTRYPOINT_FAILED', message: 'exit code 3', exitCode: 3 };

const handOver: JobChange = { type: 'hand_over', atMs: 2_000, attempt: attempt() };
const started: JobChange = { type: 'started', atMs: 2_100, attemptId: 'att-1', driverPid: 42, startedAtMs: 2_050 };
const stop: JobChange = {
  type: 'request_stop',
  atMs: 2_200,
  stop: { requestedAtMs: 2_200, reason: 'asked', graceMs: 500 },
};
const endWith = (end: JobEnd, attemptId: string | null = 'att-1'): JobChange => ({
  type: 'end',
  atMs: 3_000,
  attemptId,
  end,
  logBytes: 4_096,
});

function after(...changes: JobChange[]): Job {
  return changes.reduce((job, change) => transition(job, change).job, pendingJob());
}

describe('transition', () => {
  it('leads from PENDING over the hand-over and the start to the end, one revision and one event each', () => {
    let job = pendingJob();
    const events: string[] = [];
    for (const change of [handOver, started, endWith(SUCCESS)]) {
      const result = transition(job, change);
      if (result.outcome !== 'changed') throw new Error(result.outcome);
      events.push(`${result.event.type}@${result.event.revision}`);
      job = result.job;
    }
    expect(events).toEqual(['handed_over@2', 'started@3', 'ended@4']);
    expect(job).toMatchObject({ status: 'SUCCEEDED', end: SUCCESS, endedAtMs: 3_000, logBytes: 4_096, revision: 4 });
    expect(job.attempt).toMatchObject({ driverPid: 42, startedAtMs: 2_050 });
  });

  it('makes every end of a stopped job STOPPED and keeps the code the driver ended with', () => {
    const job = after(handOver, started, stop, endWith(SUCCESS));
    expect(job.end).toEqual({ status: 'STOPPED', code: 'STOPPED', message: 'asked', exitCode: 0 });
  });

  it('prefers a stop that was answered to a start that was only decided', () => {
    const stopped = after(stop);
    expect(transition(stopped, handOver)).toEqual({ outcome: 'unchanged', job: stopped });
  });

  it('takes a second stop as the first one said again', () => {
    const stopped = after(handOver, started, stop);
    expect(transition(stopped, stop)).toEqual({ outcome: 'unchanged', job: stopped });
  });

  it('lets a second stop shorten the time of the first, and never lengthen it', () => {
    const stopped = after(handOver, started, stop);
    const again = (atMs: number, graceMs: number): JobChange => ({
      type: 'request_stop',
      atMs,
      stop: { requestedAtMs: atMs, reason: 'asked', graceMs },
    });
    expect(transition(stopped, again(2_300, 10_000)).outcome).toBe('unchanged');
    expect(transition(stopped, again(2_300, 400)).outcome).toBe('unchanged');
    expect(transition(stopped, again(2_300, 0))).toMatchObject({ outcome: 'changed', job: { stop: { graceMs: 0 } } });
  });

  it('takes the news of a start that it knows already without a change', () => {
    const running = after(handOver, started);
    expect(transition(running, started)).toEqual({ outcome: 'unchanged', job: running });
  });

  it('knows where the driver runs from the news of its start, where the hand-over could not say', () => {
    const running = after(handOver, { ...started, node: { id: 'n7', address: '10.0.0.7' } });
    expect(running.attempt).toMatchObject({ nodeId: 'n7', nodeAddress: '10.0.0.7' });
  });

  it('lets a withdrawn attempt be followed by another one', () => {
    const withdrawn = after(handOver, { type: 'withdraw', atMs: 2_050, attemptId: 'att-1', reason: 'no driver' });
    expect(withdrawn).toMatchObject({ status: 'PENDING', attempt: null });
    const again = transition(withdrawn, { type: 'hand_over', atMs: 2_300, attempt: attempt('att-2') });
    expect(again.job.attempt?.id).toBe('att-2');
  });

  it("throws where news come from an attempt that is not the job's own", () => {
    expect(() => transition(after(handOver), { ...started, attemptId: 'att-other' })).toThrow(/illegal transition/);
    expect(() => transition(after(handOver), endWith(FAILURE, null))).toThrow(/illegal transition/);
    expect(() => transition(after(handOver), { ...handOver, attempt: attempt('att-2') })).toThrow(/illegal/);
  });

  it('never changes a job that has ended, and counts revisions without a gap', () => {
    const change = fc.oneof(
      fc.constant(handOver),
      fc.constant(started),
      fc.constant(stop),
      fc.constantFrom(SUCCESS, FAILURE).chain((end) => fc.constantFrom('att-1', null).map((id) => endWith(end, id))),
      fc.constant<JobChange>({ type: 'withdraw', atMs: 2_050, attemptId: 'att-1', reason: 'no driver' }),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        let job = pendingJob();
        for (const next of changes) {
          const before = job;
          let result: ReturnType<typeof transition>;
          try {
            result = transition(job, next);
          } catch {
            continue;
          }
          job = result.job;
          expect(job.revision).toBe(before.revision + (result.outcome === 'changed' ? 1 : 0));
          if (isTerminal(before.status)) expect(result).toEqual({ outcome: 'already_ended', job: before });
          if (before.stop !== null && isTerminal(job.status)) expect(job.status).toBe('STOPPED');
          if (job.status === 'RUNNING') expect(job.attempt?.driverPid).toBe(42);
        }
      }),
    );
  });
});

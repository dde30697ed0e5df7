import { describe, expect, it } from 'vitest';
import type { DependencyCondition } from '../../src/job/dependency.ts';
import type { Job } from '../../src/job/job.ts';
import { PATIENCE_MS } from '../engine/until.ts';
import { endOf, startOf, submission, useScheduler } from './scheduler-fixture.ts';

const fixture = useScheduler();

function waitingFor(condition: DependencyCondition, ...jobs: Job[]): Promise<Job> {
  return fixture.service.submit(submission({ after: jobs.map(({ id: jobId }) => ({ jobId, condition })) }));
}

const ordered = () => fixture.engine.orders.map(({ jobId }) => jobId);

describe('a job that waits for others', () => {
  it('starts when the last of them has succeeded, and says meanwhile what it waits for', async () => {
    const { service, scheduler } = fixture;
    const [a, b] = await Promise.all([service.submit(submission()), service.submit(submission())]);
    const job = await waitingFor('succeeded', a, b);
    expect(scheduler.pendingReason(job)).toMatchObject({
      code: 'WAITING_FOR_DEPENDENCY',
      message: `waits for ${a.id} to succeed, ${b.id} to succeed`,
    });
    await fixture.runs(a, 0);
    const half = await service.waitFor(job.id, ({ metDependencies }) => metDependencies.length === 1, {
      timeoutMs: PATIENCE_MS,
    });
    if (half === null) throw new Error('gone');
    expect(scheduler.pendingReason(half)?.message).toBe(`waits for ${b.id} to succeed`);
    await fixture.runs(b, 0);
    await fixture.runs(job, 0);
    expect(await fixture.end(job)).toMatchObject({ status: 'SUCCEEDED', metDependencies: [0, 1] });
    expect(ordered().slice(0, 2).sort()).toEqual([a.id, b.id].sort());
    expect(ordered().slice(2)).toEqual([job.id]);
  });

  it('fails with the reason where one of them does, and so does the chain behind it', async () => {
    const { service } = fixture;
    const a = await service.submit(submission());
    const b = await waitingFor('succeeded', a);
    const c = await waitingFor('succeeded', b);
    const anyway = await waitingFor('ended', c);
    await fixture.runs(a, 3);
    const why = `job ${a.id} failed: ENTRYPOINT_FAILED (the entrypoint ended with exit code 3)`;
    expect(await fixture.end(b)).toMatchObject({ status: 'FAILED', end: { code: 'DEPENDENCY_FAILED', message: why } });
    expect(await fixture.end(c)).toMatchObject({
      end: { code: 'DEPENDENCY_FAILED', message: `job ${b.id} failed: DEPENDENCY_FAILED (${why})` },
    });
    await fixture.runs(anyway, 0);
    expect(await fixture.end(anyway)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('waits for the end of the retries, not of an attempt', async () => {
    const { service, engine } = fixture;
    const a = await service.submit(submission({ retry: { maxRetries: 1, initialDelayMs: 1 } }));
    const job = await waitingFor('succeeded', a);
    const first = await fixture.runs(a, 1);
    await expect.poll(async () => (await engine.orderOf(a.id)).attemptId).not.toBe(first);
    expect(ordered()).toEqual([a.id, a.id]);
    await fixture.runs(a, 0);
    await fixture.runs(job, 0);
    expect(await fixture.end(job)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('starts beside one that it waits for to have started', async () => {
    const { service, engine } = fixture;
    const a = await service.submit(submission());
    const job = await waitingFor('started', a);
    const { attemptId } = await engine.orderOf(a.id);
    expect(ordered()).toEqual([a.id]);
    engine.say(startOf(attemptId));
    await fixture.runs(job, 0);
    expect(await fixture.end(job)).toMatchObject({ status: 'SUCCEEDED' });
    expect((await service.get(a.id))?.status).toBe('RUNNING');
  });

  it('starts at once where they are far enough, also behind a restart after they were deleted', async () => {
    const { service, engine } = fixture;
    const a = await service.submit(submission());
    await fixture.runs(a, 0);
    await fixture.end(a);
    await fixture.queues.changeQueue('default', (queue) => ({ ...queue, state: 'paused' }));
    const job = await waitingFor('succeeded', a);
    await service.waitFor(job.id, ({ metDependencies }) => metDependencies.length === 1, { timeoutMs: PATIENCE_MS });
    expect(await service.delete(a.id)).toBe('deleted');
    await fixture.restart();
    await fixture.scheduler.recover();
    await fixture.queues.changeQueue('default', (queue) => ({ ...queue, state: 'active' }));
    await fixture.runs(job, 0);
    expect(await fixture.end(job)).toMatchObject({ status: 'SUCCEEDED' });
    expect(engine.orders).toHaveLength(1);
  });

  it('is held again by the next server, and can be stopped', async () => {
    const a = await fixture.service.submit(submission());
    const [job, stopped] = [await waitingFor('ended', a), await waitingFor('ended', a)];
    const { attemptId } = await fixture.engine.orderOf(a.id);
    await fixture.restart();
    await fixture.scheduler.recover();
    expect(fixture.scheduler.pendingReason(job)).toMatchObject({ code: 'WAITING_FOR_DEPENDENCY' });
    await fixture.service.stop(stopped.id);
    expect(await fixture.end(stopped)).toMatchObject({ status: 'STOPPED' });
    fixture.engine.say(startOf(attemptId));
    fixture.engine.say(endOf(attemptId, 1));
    await fixture.runs(job, 0);
    expect(await fixture.end(job)).toMatchObject({ status: 'SUCCEEDED' });
    expect(ordered()).toEqual([job.id]);
  });

  it('is refused where one of them is not there, or is itself', async () => {
    const { service } = fixture;
    const after = [{ jobId: 'app-x', condition: 'ended' as const }];
    await expect(service.submit(submission({ after }))).rejects.toMatchObject({ code: 'UNKNOWN_DEPENDENCY' });
    await expect(service.submit(submission({ id: 'app-x', after }))).rejects.toMatchObject({
      code: 'DEPENDENCY_CYCLE',
    });
    await expect(service.preview(submission({ after }))).rejects.toMatchObject({ code: 'UNKNOWN_DEPENDENCY' });
  });
});

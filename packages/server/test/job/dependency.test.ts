import { describe, expect, it } from 'vitest';
import { type DependencyCondition, judgeDependency } from '../../src/job/dependency.ts';
import type { Job } from '../../src/job/job.ts';
import { pendingJob } from './fixtures.ts';

const CONDITIONS: DependencyCondition[] = ['started', 'ended', 'succeeded'];
const ended = (status: 'SUCCEEDED' | 'FAILED' | 'STOPPED'): Job =>
  pendingJob({ status, end: { status, code: 'NONE', message: 'm', exitCode: 0 } });

describe('judgeDependency', () => {
  it.each<[string, Job | null, string[]]>([
    ['PENDING', pendingJob(), ['waits', 'waits', 'waits']],
    ['RUNNING', pendingJob({ status: 'RUNNING' }), ['met', 'waits', 'waits']],
    ['SUCCEEDED', ended('SUCCEEDED'), ['met', 'met', 'met']],
    ['FAILED', ended('FAILED'), ['met', 'met', 'failed']],
    ['STOPPED', ended('STOPPED'), ['met', 'met', 'failed']],
    ['deleted', null, ['met', 'met', 'failed']],
  ])('of a job that is %s: started, ended, succeeded', (_name, job, verdicts) => {
    expect(CONDITIONS.map((condition) => judgeDependency({ jobId: 'a', condition }, job).kind)).toEqual(verdicts);
  });
});

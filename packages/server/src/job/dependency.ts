import type { Job } from './job.ts';
import { isTerminal } from './status.ts';

/** What has to have happened to another job: its driver runs or ran, it has ended in any way, or it has succeeded. */
export type DependencyCondition = 'started' | 'ended' | 'succeeded';

/** Another job that a job waits for. */
export interface Dependency {
  jobId: string;
  condition: DependencyCondition;
}

/** `failed`: it can never be met any more. */
export type DependencyVerdict = { kind: 'met' } | { kind: 'waits' } | { kind: 'failed'; message: string };

/** Whether a dependency is met by the other job as it is; null where that was deleted before anybody looked. */
export function judgeDependency({ jobId, condition }: Dependency, job: Job | null): DependencyVerdict {
  if (job === null) {
    if (condition !== 'succeeded') return { kind: 'met' };
    return { kind: 'failed', message: `job ${jobId} was deleted before it was seen how it ended` };
  }
  if (!isTerminal(job.status)) {
    const hasStarted = job.status === 'RUNNING' || job.retry !== null;
    return { kind: condition === 'started' && hasStarted ? 'met' : 'waits' };
  }
  if (condition !== 'succeeded' || job.status === 'SUCCEEDED') return { kind: 'met' };
  const how = job.status === 'STOPPED' ? 'was stopped' : 'failed';
  return { kind: 'failed', message: `job ${jobId} ${how}: ${job.end?.code ?? ''} (${job.end?.message ?? ''})` };
}

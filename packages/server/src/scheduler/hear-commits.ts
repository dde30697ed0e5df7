import { isElementOf } from '../job/array.ts';
import type { JobEvent } from '../job/event.ts';
import type { Job } from '../job/job.ts';
import type { Arrays } from './arrays.ts';
import type { Dependencies } from './dependencies.ts';
import type { InBackground } from './in-background.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { TimeLimits } from './time-limits.ts';
import { type TrackedJob, trackJob } from './tracked-job.ts';

export interface HearCommitsOptions {
  /** Jobs that have not ended, by id. */
  tracked: Map<string, TrackedJob>;
  lifecycle: Lifecycle;
  dependencies: Dependencies;
  arrays: Arrays;
  limits: TimeLimits;
  takeUp(entry: TrackedJob, job: Job): Promise<void>;
  inBackground: InBackground;
}

/** What the scheduler does with what is on disk: nothing is acted on before. */
export interface CommitHearing {
  /** A job that has not ended, new or left by a server before this one. */
  enlist(job: Job): void;
  /** A change of a job. */
  hear(job: Job, event: JobEvent): void;
}

export function createCommitHearing(options: HearCommitsOptions): CommitHearing {
  const { tracked, lifecycle, dependencies, arrays, limits, takeUp, inBackground } = options;

  function enlist(job: Job): void {
    const entry = trackJob(job);
    tracked.set(job.id, entry);
    if (job.status === 'PENDING') limits.watchWaiting(job);
    else limits.watchRunning(job);
    const gpus = arrays.takeGpus(job.id);
    if (gpus !== null) {
      // An element that was made for its turn.
      inBackground('start a job', entry, lifecycle.start(entry, gpus));
      return;
    }
    if (job.array !== null) arrays.tell(job);
    if (job.attempt === null) inBackground('take up a job', entry, takeUp(entry, job));
    else lifecycle.adopt(entry, job);
  }

  function unfinishedElements(arrayId: string): string[] {
    return [...tracked.keys()].filter((id) => isElementOf(arrayId, id));
  }

  return {
    enlist,

    hear(job, event) {
      if (event.type === 'submitted') return enlist(job);
      if (event.type === 'started' || event.type === 'ended') dependencies.tell(job);
      const endsElements = event.type === 'stop_requested' || event.type === 'ended';
      if (job.array !== null && endsElements) dependencies.tellElementsToCome(job);
      const entry = tracked.get(job.id);
      if (entry === undefined) return;
      if (event.type === 'handed_over') entry.stage = 'handed_over';
      if (event.type === 'started') {
        limits.forget(job.id);
        limits.watchRunning(job);
      }
      if (event.type === 'ended' || event.type === 'retrying') limits.forget(job.id);
      if (job.array !== null) arrays.tell(job);
      if (event.type !== 'stop_requested' || job.stop === null) return;
      if (job.array !== null && entry.stage === 'waiting') arrays.stop(job, unfinishedElements(job.id));
      else inBackground('stop a job', entry, lifecycle.stop(entry, job.stop));
    },
  };
}

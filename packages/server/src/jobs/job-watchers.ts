import { elementNamed, elementToCome } from '../job/element-to-come.ts';
import type { Job } from '../job/job.ts';

/** Hears every committed change of one job; null when it was deleted. */
export type JobWatcher = (job: Job | null) => void;

/** Who waits for news of which job. */
export interface JobWatchers {
  watch(jobId: string, watcher: JobWatcher): () => void;
  tell(jobId: string, job: Job | null): void;
  /** The array was stopped or has ended, and with it its elements that have not become jobs. */
  tellElementsToCome(array: Job): void;
}

export function createJobWatchers(): JobWatchers {
  const byJob = new Map<string, Set<JobWatcher>>();

  function tell(jobId: string, job: Job | null): void {
    const watchers = byJob.get(jobId);
    if (watchers === undefined) return;
    for (const watcher of [...watchers]) watcher(job);
  }

  return {
    watch(jobId, watcher) {
      const watchers = byJob.get(jobId) ?? new Set();
      watchers.add(watcher);
      byJob.set(jobId, watchers);
      return () => {
        watchers.delete(watcher);
        if (watchers.size === 0 && byJob.get(jobId) === watchers) byJob.delete(jobId);
      };
    },

    tell,

    tellElementsToCome(array) {
      for (const id of [...byJob.keys()]) {
        const named = elementNamed(id);
        const element = named?.arrayId === array.id ? elementToCome(array, named.index) : null;
        if (element !== null) tell(id, element);
      }
    },
  };
}

import type { JobEvent } from '../../job/event.ts';
import type { Job } from '../../job/job.ts';

export type CommitListener = (job: Job, event: JobEvent | null) => void;

/** Those who are told of commits. One that throws does not keep the others from hearing. */
export function createCommitListeners() {
  const listeners = new Set<{ listener: CommitListener }>();
  return {
    /** Answers how to take the listener away again. */
    add(listener: CommitListener): () => void {
      const entry = { listener };
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    tell(job: Job, event: JobEvent | null): void {
      for (const { listener } of listeners) {
        try {
          listener(job, event);
        } catch (error) {
          // The commit stands and its writers must hear of it; the fault surfaces as an uncaught exception.
          process.nextTick(() => {
            throw error;
          });
        }
      }
    },
  };
}

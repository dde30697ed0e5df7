import type { Logger } from 'pino';
import type { JobChange, Transition } from '../job/transition.ts';
import { createPatientWrite } from '../store/patient-write.ts';
import type { JobStore } from '../store/store.ts';

/** Writes a change of a job that has to reach the disk, however long that takes. */
export type Persist = (jobId: string, change: JobChange) => Promise<Transition | null>;

/**
 * What happened to a driver cannot be refused for want of space: it is tried again every second until the disk has
 * room. Changes of one job are written one after another, so that none overtakes another. Rejects when `signal` aborts or the store closes; the next
 * server finds the same news in the attempt's record.
 */
export function createPersist(store: Pick<JobStore, 'apply'>, log: Logger, signal: AbortSignal): Persist {
  /** The last change of each job that is not written yet. */
  const unwritten = new Map<string, Promise<unknown>>();
  const writePatiently = createPatientWrite('changes of jobs', log, signal);

  return (jobId, change) => {
    const next = () => writePatiently(() => store.apply(jobId, change));
    // Whoever wrote the change before hears of its failure.
    const written = unwritten.get(jobId)?.then(next, next) ?? next();
    unwritten.set(jobId, written);
    const forget = () => {
      if (unwritten.get(jobId) === written) unwritten.delete(jobId);
    };
    written.then(forget, forget);
    return written;
  };
}

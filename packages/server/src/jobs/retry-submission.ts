import type { Job } from '../job/job.ts';
import type { Submission } from './service.ts';

/** Asks again for what an ended job has asked for, with an id of its own (docs/decisions/0007). */
export function retrySubmission({ id, tenant, door, spec }: Job): Submission {
  // Somebody has made the copy, not the schedule.
  const { stopSignal, traceParent: _, schedule: __, ...rest } = spec;
  return { ...rest, id: null, tenant, door, retryOf: id, ...(stopSignal === undefined ? {} : { stopSignal }) };
}

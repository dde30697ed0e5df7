import type { JobEvent } from '../job/event.ts';
import type { Job } from '../job/job.ts';
import { isTerminal } from '../job/status.ts';
import { DEFAULT_QUEUE } from '../queue/queue.ts';
import type { EventFilter } from './webhook.ts';

/** Whether a filter lets an event of a job pass. @param job as the event has left it */
export function wantsEvent(filter: EventFilter, { type }: Pick<JobEvent, 'type'>, job: Job): boolean {
  const { types, tenant, queue, endStatuses, metadata } = filter;
  if (types !== null && !types.includes(type)) return false;
  if (tenant !== null && tenant !== job.tenant) return false;
  if (queue !== null && queue !== (job.spec.queue ?? DEFAULT_QUEUE)) return false;
  if (endStatuses !== null && !(type === 'ended' && isTerminal(job.status) && endStatuses.includes(job.status))) {
    return false;
  }
  const given = job.spec.metadata;
  return Object.entries(metadata).every(([key, value]) => Object.hasOwn(given, key) && given[key] === value);
}

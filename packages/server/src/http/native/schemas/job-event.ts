import { z } from 'zod';
import { JOB_EVENT_TYPES, type JobEventType } from '../../../job/event.ts';
import { jsonObject } from './json-maps.ts';
import { jobId, time, whole } from './values.ts';

const DETAIL =
  'Regular per type: `handed_over` has `attempt` and `number`; `started` has `attempt`, `node`, `pid` and `started_at_ms`; ' +
  '`withdrawn` has `attempt` and `reason`; `stop_requested` has `reason` and `grace_ms`; `dependencies_met` has `jobs`; `retrying` has ' +
  '`attempt`, `number`, `code`, `message`, `exit_code` and `next_at_ms`; `ended` has `status`, `code`, `message` and `exit_code`.';

/** Those that are stored; listeners alone hear of others. */
export const jobEventType = z
  .custom<JobEventType>()
  .meta({ id: 'JobEventType', type: 'string', enum: [...JOB_EVENT_TYPES] });

/** One line of a job's history. */
export const jobEvent = z
  .strictObject({
    id: whole.describe('Ascending over all jobs, never used again.'),
    job_id: jobId,
    type: jobEventType,
    at: time,
    revision: z.int().min(1).describe("The job's revision after this event."),
    detail: jsonObject.describe(DETAIL),
  })
  .meta({ id: 'JobEvent', description: 'One change of a job.' });

/** The same in the history of all jobs. */
export const tenantEvent = jobEvent
  .extend({ tenant: z.string() })
  .meta({ id: 'TenantEvent', description: 'One change of a job, and whose job it is.' });

export const jobHistory = z.strictObject({ events: z.array(jobEvent) }).meta({ id: 'JobHistory' });

export const eventPage = z
  .strictObject({
    events: z.array(tenantEvent),
    next_after: whole.describe('`after` of the next page; go on with it even where `events` is empty.'),
    oldest_id: whole.describe('Of the events that are kept; one more than `newest_id` where there is none.'),
    newest_id: whole.describe('The highest id that was ever given.'),
  })
  .meta({ id: 'EventPage' });

/** Server-sent events; OpenAPI 3.1 has no words for what is in them. */
export const eventStream = z
  .string()
  .describe(
    'Server-sent events: `id` is that of the event, `event` its type, `data` the event as JSON. `event: reset` says that the id to resume ' +
      'from lies below the oldest that is kept: something was missed, so list the jobs again.',
  );

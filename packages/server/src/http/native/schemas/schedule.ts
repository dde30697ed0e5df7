import { z } from 'zod';
import { MISSED_RULES, OVERLAP_RULES } from '../../../schedule/schedule.ts';
import { queueName } from './queue.ts';
import { durationSeconds } from './retry-policy.ts';
import { submitJob } from './submit-job.ts';

/** As queues are named. */
export const scheduleName = queueName;

const MAX_CRON_CHARS = 256;

const moment = z.iso.datetime({ offset: true });

/** What a schedule submits: each occurrence has a job of its own, so none can be named, and none is a trial. */
const scheduledJob = submitJob
  .omit({ id: true, dry_run: true })
  .meta({ id: 'ScheduledJobRequest', description: 'Body of a submit, without `id` and `dry_run`.' });

const times = {
  cron: z
    .string()
    .max(MAX_CRON_CHARS)
    .meta({
      description: 'Five fields, or six with seconds in front, or a nickname such as `@daily`.',
      examples: ['0 3 * * MON-FRI'],
    }),
  time_zone: z.string().max(64).describe('IANA name.'),
  overlap: z
    .enum(OVERLAP_RULES)
    .describe(
      'What an occurrence does while a job of the schedule has not ended: `skip` itself, `allow` both, or `replace` that job: it is ' +
        'stopped, and the new one starts behind its end.',
    ),
  missed: z
    .enum(MISSED_RULES)
    .describe(
      'What becomes of occurrences whose time has passed unseen, as while no server ran: none is made up for, the last of them, or all; ' +
        'of all, the 100 newest, one after another.',
    ),
  missed_window_seconds: durationSeconds
    .nullable()
    .describe('Those further back are not made up for; null: whatever their age.'),
  start_at: moment.nullable().describe('No occurrence before.'),
  end_at: moment.nullable().describe('No occurrence then, or later.'),
  paused: z.boolean().describe('Nothing occurs, and nothing is made up for afterwards.'),
};

/** Body of `POST /api/v1/schedules`. */
export const createSchedule = z
  .strictObject({
    name: scheduleName,
    ...times,
    time_zone: times.time_zone.default('UTC'),
    overlap: times.overlap.default('skip'),
    missed: times.missed.default('skip'),
    missed_window_seconds: times.missed_window_seconds.default(null),
    start_at: times.start_at.default(null),
    end_at: times.end_at.default(null),
    paused: times.paused.default(false),
    job: scheduledJob,
  })
  .meta({ id: 'ScheduleRequest' });

/** Body of `PATCH /api/v1/schedules/{name}`: what is absent stays as it was, and `job` is replaced as a whole. */
export const changeSchedule = z
  .strictObject({ ...times, job: scheduledJob })
  .partial()
  .meta({ id: 'ScheduleChange' });

export type ScheduleRequest = z.infer<typeof createSchedule>;
export type ScheduleChangeBody = z.infer<typeof changeSchedule>;

import { z } from 'zod';
import { MISSED_RULES, OVERLAP_RULES } from '../../../schedule/schedule.ts';
import { jsonObject } from './json-maps.ts';
import { scheduleName } from './schedule.ts';
import { jobId, seconds, time, whole } from './values.ts';

const occurrence = z
  .strictObject({
    scheduled_at: time,
    outcome: z
      .enum(['started', 'skipped', 'missed', 'refused'])
      .describe('`started`: it has a job. `skipped`: one before had not ended. `refused`: see `last_error`.'),
  })
  .meta({ id: 'ScheduleOccurrence', description: 'The last moment that was decided about.' });

const refusal = z
  .strictObject({ at: time, code: z.string().describe('Stable: match on it.'), message: z.string() })
  .meta({ id: 'ScheduleError', description: 'The last submit that was refused.' });

const counts = z
  .strictObject({ started: whole, skipped: whole, missed: whole, refused: whole })
  .meta({ id: 'ScheduleCounts', description: 'What has become of its occurrences.' });

export const schedule = z
  .strictObject({
    name: scheduleName,
    tenant: z.string().describe('Whose its jobs are.'),
    cron: z.string(),
    time_zone: z.string(),
    overlap: z.enum(OVERLAP_RULES),
    missed: z.enum(MISSED_RULES),
    missed_window_seconds: seconds.nullable(),
    start_at: time.nullable(),
    end_at: time.nullable(),
    paused: z.boolean(),
    job: jsonObject.describe('Body of a submit, as it was sent.'),
    created_at: time,
    next_occurrences: z.array(time).describe('None of a schedule that is paused or over.'),
    last_occurrence: occurrence.nullable(),
    last_job: jobId.nullable().describe('Also one that was asked for by hand; it may have been deleted since.'),
    last_error: refusal.nullable(),
    occurrences: counts,
  })
  .meta({ id: 'Schedule' });

export const scheduleList = z.strictObject({ schedules: z.array(schedule) }).meta({ id: 'ScheduleList' });

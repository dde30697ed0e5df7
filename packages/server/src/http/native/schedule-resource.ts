import type { JsonObject } from '../../job/job.ts';
import type { KeptSchedule, Schedule } from '../../schedule/schedule.ts';
import type { ScheduleChange, ScheduleDraft } from '../../schedules/schedule-service.ts';
import { timeOrNull, timeText } from './job-resource.ts';
import type { ScheduleChangeBody, ScheduleRequest } from './schemas/schedule.ts';
import type { schedule as scheduleSchema } from './schemas/schedule-answer.ts';
import type { Sent } from './schemas/sent.ts';
import { changedMs, inSeconds } from './seconds.ts';

export type SentSchedule = Sent<typeof scheduleSchema>;

/** A schedule as the native API shows it. */
export function scheduleResource({ schedule, progress }: KeptSchedule, nextMs: readonly number[]): SentSchedule {
  const { name, tenant, cron, overlap, missed, job } = schedule;
  const { lastOccurrence, lastError, lastJobId, counts } = progress;
  return {
    ...{ name, tenant, cron, time_zone: schedule.timeZone, overlap, missed },
    missed_window_seconds: inSeconds(schedule.missedWindowMs),
    start_at: timeOrNull(schedule.startMs),
    end_at: timeOrNull(schedule.endMs),
    paused: schedule.isPaused,
    job,
    created_at: timeText(schedule.createdAtMs),
    next_occurrences: nextMs.map(timeText),
    last_occurrence:
      lastOccurrence === null ? null : { scheduled_at: timeText(lastOccurrence.atMs), outcome: lastOccurrence.outcome },
    last_job: lastJobId,
    last_error:
      lastError === null ? null : { at: timeText(lastError.atMs), code: lastError.code, message: lastError.message },
    occurrences: counts,
  };
}

/** A new schedule as a request wants it. */
export function scheduleDraft(body: ScheduleRequest, tenant: string): ScheduleDraft {
  return {
    ...{ name: body.name, tenant, cron: body.cron, timeZone: body.time_zone },
    ...{ overlap: body.overlap, missed: body.missed },
    missedWindowMs: changedMs(null, body.missed_window_seconds),
    startMs: momentMs(body.start_at),
    endMs: momentMs(body.end_at),
    isPaused: body.paused,
    job: asSent(body.job),
  };
}

/** What a request changes about a schedule; what it has not named stays. */
export function scheduleChange(body: ScheduleChangeBody): ScheduleChange {
  const { start_at: start, end_at: end } = body;
  return (before: Schedule) => ({
    cron: body.cron ?? before.cron,
    timeZone: body.time_zone ?? before.timeZone,
    overlap: body.overlap ?? before.overlap,
    missed: body.missed ?? before.missed,
    missedWindowMs: changedMs(before.missedWindowMs, body.missed_window_seconds),
    startMs: start === undefined ? before.startMs : momentMs(start),
    endMs: end === undefined ? before.endMs : momentMs(end),
    isPaused: body.paused ?? before.isPaused,
    job: body.job === undefined ? before.job : asSent(body.job),
  });
}

/** Nothing of it is changed by its check; the way through text leaves out what is undefined, as it came. */
function asSent(job: ScheduleRequest['job']): JsonObject {
  return JSON.parse(JSON.stringify(job));
}

function momentMs(text: string | null): number | null {
  return text === null ? null : Date.parse(text);
}

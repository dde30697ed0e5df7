import type { MissedRule, OverlapRule, Schedule } from '@drover/client/schedule';
import { type Field, fieldLines } from './fields.ts';
import { schedulePaint, scheduleState } from './schedule-rows.ts';
import { formatAgo, formatDuration, formatLocalTime } from './times.ts';
import { visibleText } from './visible-text.ts';

const OVERLAPS: Record<OverlapRule, string> = {
  skip: 'skip: none while a job of it has not ended',
  allow: 'allow: one beside the other',
  replace: 'replace: a job of it that has not ended is stopped',
};

const MISSED: Record<MissedRule, string> = {
  skip: 'skip: not made up for',
  run_once: 'run_once: the last one is made up for',
  run_all: 'run_all: all are made up for',
};

/** `drover schedule show` for people. */
export function scheduleDetails(schedule: Schedule, nowMs: number, stream: NodeJS.WriteStream): string {
  const { last_occurrence: last, last_error: error, missed_window_seconds: windowSeconds } = schedule;
  const time = (at: string | null) => (at === null ? null : formatLocalTime(at));
  const fields: Field[] = [
    ['schedule', schedule.name],
    ['state', scheduleState(schedule), { paint: schedulePaint(schedule, stream) }],
    ['cron', schedule.cron],
    ['time zone', schedule.time_zone],
    ['next', schedule.next_occurrences.map(formatLocalTime).join(', ') || null],
    ['not before', time(schedule.start_at)],
    ['until', time(schedule.end_at)],
    ['overlap', OVERLAPS[schedule.overlap] ?? schedule.overlap],
    ['missed', MISSED[schedule.missed] ?? schedule.missed],
    ['made up for', windowSeconds === null ? null : `not beyond ${formatDuration(windowSeconds * 1000)}`],
    ['last', last === null ? null : `${formatLocalTime(last.scheduled_at)}: ${last.outcome}`],
    ['last job', schedule.last_job],
    [
      'last error',
      error === null ? null : `${error.code}, ${formatAgo(Date.parse(error.at), nowMs)}: ${error.message}`,
    ],
    ['occurrences', describeCounts(schedule)],
    ['job', JSON.stringify(schedule.job)],
    ['tenant', schedule.tenant],
    ['created', time(schedule.created_at)],
  ];
  return fieldLines(fields, stream);
}

/** `schedule nightly is paused`, or when it comes round next. */
export function describeSchedule(schedule: Schedule): string {
  const [next] = schedule.next_occurrences;
  const when = next === undefined ? '' : `: next at ${formatLocalTime(next)}`;
  return visibleText(`schedule ${schedule.name} is ${scheduleState(schedule)}${when}`);
}

function describeCounts({ occurrences }: Schedule): string {
  const { started, skipped, missed, refused } = occurrences;
  return `${started} started, ${skipped} skipped, ${missed} missed, ${refused} refused`;
}

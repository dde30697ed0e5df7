import { droverError } from '../errors/drover-error.ts';
import { withError } from '../schedule/progress.ts';
import { type Recurrence, readRecurrence } from '../schedule/recurrence.ts';
import type { KeptSchedule, Schedule } from '../schedule/schedule.ts';
import { createSequence, type Sequence } from '../timing/sequence.ts';

/** A schedule as it was committed last. What changes it, or decides for it, does so one after another. */
export interface ScheduleEntry extends KeptSchedule {
  recurrence: Recurrence;
  isRemoved: boolean;
  readonly oneByOne: Sequence;
}

/** @throws `INVALID_SCHEDULE` */
export function newEntry(kept: KeptSchedule): ScheduleEntry {
  return entryOf(kept, recurrenceOf(kept.schedule));
}

/** The same for one that was stored: a time zone that this server does not know any more must not keep it from starting. */
export function takeUpEntry(kept: KeptSchedule): ScheduleEntry {
  const read = readRecurrence(kept.schedule);
  if ('recurrence' in read) return entryOf(kept, read.recurrence);
  const { code, message } = droverError('INVALID_SCHEDULE', { ...read.fault });
  const progress = withError(kept.progress, { code, message }, kept.progress.decidedUntilMs);
  return entryOf({ schedule: kept.schedule, progress }, NEVER);
}

function entryOf({ schedule, progress }: KeptSchedule, recurrence: Recurrence): ScheduleEntry {
  return { schedule, progress, recurrence, isRemoved: false, oneByOne: createSequence() };
}

const NEVER: Recurrence = { next: () => null, last: () => [] };

/** @throws `INVALID_SCHEDULE` */
export function recurrenceOf(schedule: Pick<Schedule, 'cron' | 'timeZone' | 'startMs' | 'endMs'>): Recurrence {
  const read = readRecurrence(schedule);
  if ('fault' in read) throw droverError('INVALID_SCHEDULE', { ...read.fault });
  return read.recurrence;
}

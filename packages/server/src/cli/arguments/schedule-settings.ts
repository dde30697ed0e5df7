import type { MissedRule, OverlapRule, ScheduleSettings } from '@drover/client/schedule';
import { type Command, Option } from 'commander';
import { MISSED_RULES, OVERLAP_RULES } from '../../schedule/schedule.ts';
import { orNone, orNull, parseMoment, parseTime, type Removable } from './option-values.ts';

/** The options of when a schedule comes round, as commander parsed them. */
export interface ScheduleOptions {
  cron?: string;
  timeZone?: string;
  overlap?: OverlapRule;
  missed?: MissedRule;
  /** In milliseconds. */
  missedWindow?: Removable;
  startAt?: Removable<string>;
  endAt?: Removable<string>;
}

/** Adds `--cron`, `--time-zone`, `--overlap`, `--missed`, `--missed-window`, `--start-at` and `--end-at`. */
export function addScheduleOptions(command: Command): Command {
  return command
    .option('--cron <expression>', "when: '0 3 * * MON-FRI', with six fields to the second, or @daily")
    .option('--time-zone <zone>', 'whose clock that is, such as Europe/Berlin (UTC)')
    .addOption(new Option('--overlap <rule>', 'while a job of it has not ended (skip)').choices(OVERLAP_RULES))
    .addOption(new Option('--missed <rule>', 'what was due while no server ran (skip)').choices(MISSED_RULES))
    .option('--missed-window <time>', 'make up for nothing further back, such as 6h, or none', orNone(parseTime))
    .option('--start-at <time>', 'not before: 2026-12-01T03:00:00Z, or none', orNone(parseMoment))
    .option('--end-at <time>', 'not then, or later; likewise', orNone(parseMoment));
}

/** What was named, null where it is to go. */
export function scheduleSettingsOf(options: ScheduleOptions): Partial<Omit<ScheduleSettings, 'job'>> {
  const { cron, timeZone, overlap, missed, missedWindow, startAt, endAt } = options;
  const windowMs = missedWindow === undefined ? undefined : orNull(missedWindow);
  return {
    ...(cron === undefined ? {} : { cron }),
    ...(timeZone === undefined ? {} : { time_zone: timeZone }),
    ...(overlap === undefined ? {} : { overlap }),
    ...(missed === undefined ? {} : { missed }),
    ...(windowMs === undefined ? {} : { missed_window_seconds: windowMs === null ? null : windowMs / 1000 }),
    ...(startAt === undefined ? {} : { start_at: orNull(startAt) }),
    ...(endAt === undefined ? {} : { end_at: orNull(endAt) }),
  };
}

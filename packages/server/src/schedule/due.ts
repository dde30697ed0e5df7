import type { Schedule } from './schedule.ts';

/** Occurrences found so soon behind their time are not missed: a server that was started anew meanwhile, a clock that was set a little forward. */
export const ON_TIME_MS = 60_000;

/** Missed occurrences that are made up for at most; the oldest ones are dropped. */
export const MOST_MADE_UP = 100;

/** So many of those that are due have to be known one by one: both ends of the minute are on time, and one shows which was dropped last. */
export const MOST_KEPT = MOST_MADE_UP + ON_TIME_MS / 1_000 + 2;

/** Occurrences whose time has come. */
export interface DueOccurrences {
  /** The last ones, the earliest first; all of them where `older` is 0. */
  newest: readonly number[];
  /** How many there were before these. */
  older: number;
}

/** An occurrence that gets a job, unless the overlap rule is against it. */
export interface WantedOccurrence {
  atMs: number;
  /** Made up for. */
  isLate: boolean;
}

export interface DuePlan {
  /** The earliest first. */
  wanted: WantedOccurrence[];
  /** Those that get none. */
  missed: number;
  /** Of the last of these; null for none. */
  lastMissedMs: number | null;
}

/** Decides by the missed rule which of the occurrences that are due get a job. */
export function planDue(
  { missed: rule, missedWindowMs }: Pick<Schedule, 'missed' | 'missedWindowMs'>,
  { newest, older }: DueOccurrences,
  nowMs: number,
): DuePlan {
  const onTime = newest.filter((atMs) => atMs >= nowMs - ON_TIME_MS);
  const late = newest.slice(0, newest.length - onTime.length);
  const inWindow = late.filter((atMs) => missedWindowMs === null || atMs >= nowMs - missedWindowMs);
  const madeUp = chooseMadeUp(rule, inWindow, onTime.length > 0);
  const dropped = late.slice(0, late.length - madeUp.length);
  return {
    wanted: [...madeUp.map((atMs) => ({ atMs, isLate: true })), ...onTime.map((atMs) => ({ atMs, isLate: false }))],
    missed: older + dropped.length,
    lastMissedMs: dropped.at(-1) ?? null,
  };
}

/** The last ones of those that were missed. */
function chooseMadeUp(rule: Schedule['missed'], late: readonly number[], isOneOnTime: boolean): readonly number[] {
  switch (rule) {
    case 'skip':
      return [];
    case 'run_once':
      // The one that is on time stands for them.
      return isOneOnTime ? [] : late.slice(-1);
    case 'run_all':
      return late.slice(-MOST_MADE_UP);
  }
}

import { Cron } from 'croner';
import type { Schedule } from './schedule.ts';

/** When a schedule comes round. Moments are whole seconds. */
export interface Recurrence {
  /** The first occurrence behind a moment; null where there is none any more. */
  next(afterMs: number): number | null;
  /** The last ones up to a moment, itself included; the earliest first. */
  last(untilMs: number, count: number): number[];
}

/** What a schedule is refused for. */
export interface ScheduleFault {
  field: 'cron' | 'time_zone' | 'end_at';
  detail: string;
}

export type ReadRecurrence = { recurrence: Recurrence } | { fault: ScheduleFault };

type Times = Pick<Schedule, 'cron' | 'timeZone' | 'startMs' | 'endMs'>;

const NICKNAMES = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

/**
 * Reads when a schedule comes round. Where clocks are put forward or back: an expression that names one time of the day (one hour,
 * minute and second) has one occurrence a day, at the end of the gap where its time is left out, and at the first of the two where its
 * time comes twice. Any other follows the clock on the wall: what is left out does not occur, and what comes twice occurs twice.
 */
export function readRecurrence({ cron, timeZone, startMs, endMs }: Times): ReadRecurrence {
  if (startMs !== null && endMs !== null && endMs <= startMs) return refused('end_at', 'must be later than start_at');
  if (!isTimeZone(timeZone)) {
    return refused('time_zone', `'${timeZone}' is no time zone known here: expected a name such as Europe/Berlin`);
  }
  const pattern = parsePattern(cron, timeZone);
  if ('fault' in pattern) return pattern;
  const recurrence = remembering(within(pattern.recurrence, startMs, endMs));
  if (pattern.recurrence.next(0) === null) return refused('cron', `'${cron}' never occurs`);
  return { recurrence };
}

/** What a schedule is refused for that would never come round from now on; null where it will. */
export function faultFromNow(recurrence: Recurrence, endMs: number | null, nowMs: number): ScheduleFault | null {
  if (recurrence.next(nowMs) !== null) return null;
  const detail = endMs !== null && endMs <= nowMs ? 'must lie in the future' : 'leaves no occurrence from now on';
  return { field: 'end_at', detail };
}

/** The first occurrences behind a moment. */
export function nextOccurrences(recurrence: Recurrence, afterMs: number, count: number): number[] {
  const found: number[] = [];
  for (let last = afterMs; found.length < count; ) {
    const next = recurrence.next(last);
    if (next === null) break;
    found.push(next);
    last = next;
  }
  return found;
}

function parsePattern(cron: string, timeZone: string): ReadRecurrence {
  const fields = cron.trim().split(/\s+/);
  // A date would be taken too, and never come again.
  const isPattern = fields.length === 5 || fields.length === 6 || NICKNAMES.includes(cron.trim().toLowerCase());
  if (!isPattern) {
    return refused('cron', `expected five fields, six with seconds in front, or one of ${NICKNAMES.join(', ')}`);
  }
  try {
    const pattern = new Cron(cron.trim(), { timezone: timeZone, paused: true, mode: '5-or-6-parts' });
    return {
      recurrence: {
        next: (afterMs) => pattern.nextRun(new Date(afterMs))?.getTime() ?? null,
        last: (untilMs, count) =>
          pattern
            .previousRuns(count, new Date(untilMs + 1))
            .map((run) => run.getTime())
            .reverse(),
      },
    };
  } catch (error) {
    return refused('cron', error instanceof Error ? readable(error.message) : String(error));
  }
}

/** Croner's words, but that it counts days and months from 0, and fields from 0 or 1. */
function readable(message: string): string {
  return message
    .replace(/^CronPattern: /, '')
    .replace(/^configuration entry \d+ \((.*)\)/, "'$1'")
    .replace(/(?<=^Invalid value for (?:day|month): )-?\d+/, (index) => `${Number(index) + 1}`);
}

/** @param startMs inclusive @param endMs exclusive */
function within({ next, last }: Recurrence, startMs: number | null, endMs: number | null): Recurrence {
  const earliest = startMs ?? Number.NEGATIVE_INFINITY;
  const end = endMs ?? Number.POSITIVE_INFINITY;
  return {
    next(afterMs) {
      const found = next(Math.max(afterMs, earliest - 1));
      return found !== null && found < end ? found : null;
    },
    last: (untilMs, count) => last(Math.min(untilMs, end - 1), count).filter((atMs) => atMs >= earliest),
  };
}

/** Finding an occurrence costs some 50 µs, and the next one is asked for again and again until it comes. */
function remembering({ next, last }: Recurrence): Recurrence {
  let known: { afterMs: number; found: number | null } | null = null;
  return {
    next(afterMs) {
      const isKnown = known !== null && afterMs >= known.afterMs && (known.found === null || afterMs < known.found);
      if (known === null || !isKnown) known = { afterMs, found: next(afterMs) };
      return known.found;
    },
    last,
  };
}

function isTimeZone(name: string): boolean {
  // Offsets know no summer time, and not every library knows them.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function refused(field: ScheduleFault['field'], detail: string): { fault: ScheduleFault } {
  return { fault: { field, detail } };
}

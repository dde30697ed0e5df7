import { styleText } from 'node:util';
import type { Schedule } from '@drover/client/schedule';
import type { Cell, TableShape } from './table.ts';
import { formatLocalTime } from './times.ts';

export const SCHEDULE_TABLE: TableShape = {
  header: ['SCHEDULE', 'STATE', 'CRON', 'ZONE', 'NEXT', 'LAST', 'OUTCOME'],
  expendable: ['LAST', 'ZONE', 'CRON', 'OUTCOME'],
};

/** One line of `drover schedule list`. */
export function scheduleRow(schedule: Schedule, stream: NodeJS.WriteStream): Cell[] {
  const {
    name,
    cron,
    time_zone: zone,
    next_occurrences: [next],
    last_occurrence: last,
  } = schedule;
  return [
    { text: name },
    { text: scheduleState(schedule), paint: schedulePaint(schedule, stream) },
    { text: cron },
    { text: zone },
    { text: next === undefined ? '-' : formatLocalTime(next) },
    { text: last === null ? '-' : formatLocalTime(last.scheduled_at) },
    { text: last?.outcome ?? '-' },
  ];
}

/** `over` where nothing occurs any more. */
export function scheduleState({ paused, next_occurrences: next }: Schedule): 'active' | 'paused' | 'over' {
  if (paused) return 'paused';
  return next.length === 0 ? 'over' : 'active';
}

const COLOURS = { active: 'green', paused: 'yellow', over: 'magenta' } as const;

export function schedulePaint(schedule: Schedule, stream: NodeJS.WriteStream): (text: string) => string {
  return (text) => styleText(COLOURS[scheduleState(schedule)], text, { stream });
}

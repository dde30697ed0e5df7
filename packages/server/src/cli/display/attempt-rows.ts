import type { JobTry } from '@drover/client/job';
import type { Cell, TableShape } from './table.ts';
import { formatDuration, formatLocalTime } from './times.ts';

export const ATTEMPT_TABLE: TableShape = {
  header: ['ATTEMPT', 'STARTED', 'RAN', 'EXIT', 'END', 'WHY'],
  expendable: ['STARTED', 'RAN'],
};

/** One line of `drover attempts`. */
export function attemptRow({ number, started_at, ended_at, end }: JobTry, nowMs: number): Cell[] {
  const endMs = ended_at === null ? nowMs : Date.parse(ended_at);
  return [
    String(number),
    started_at === null ? '-' : formatLocalTime(started_at),
    started_at === null ? '-' : formatDuration(endMs - Date.parse(started_at)),
    end?.exit_code == null ? '-' : String(end.exit_code),
    end === null ? 'not yet' : end.code === 'NONE' ? 'SUCCEEDED' : end.code,
    end?.message ?? '',
  ].map((text) => ({ text }));
}

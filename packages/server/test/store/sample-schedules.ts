import type { Schedule } from '../../src/schedule/schedule.ts';

/** A schedule as it is created, daily at three unless told otherwise. */
export function sampleSchedule(name: string, fields: Partial<Schedule> = {}): Schedule {
  return {
    ...{ name, tenant: 'default', cron: '0 3 * * *', timeZone: 'UTC', job: { entrypoint: 'true' } },
    ...{ overlap: 'skip', missed: 'skip', missedWindowMs: null, startMs: null, endMs: null },
    isPaused: false,
    createdAtMs: 0,
    ...fields,
  };
}

import type { Registry } from 'prom-client';
import type { KeptSchedule } from '../schedule/schedule.ts';
import type { ScheduleService } from '../schedules/schedule-service.ts';
import { ALL_OTHERS, createLabelPlaces } from './label-places.ts';
import { addReadCounter, addReadGauge } from './read-metrics.ts';

/** Schedules that have series of their own. */
const PLACES = 100;

type Counts = KeptSchedule['progress']['counts'];

const NONE: Counts = { started: 0, skipped: 0, missed: 0, refused: 0 };

/** How many schedules there are, what became of their occurrences, and when each had its last job. */
export function addSchedules(registry: Registry, service: Pick<ScheduleService, 'schedules' | 'next'>): void {
  const places = createLabelPlaces(PLACES);

  /** Those that have a place, and the rest of them. */
  function shown(): { own: KeptSchedule[]; others: KeptSchedule[] } {
    const all = service.schedules();
    places.admit(all.map(({ schedule }) => schedule.name));
    const hasPlace = ({ schedule }: KeptSchedule) => places.has(schedule.name);
    return { own: all.filter(hasPlace), others: all.filter((kept) => !hasPlace(kept)) };
  }

  addReadGauge(registry, {
    ...{ name: 'drover_schedules', help: 'Schedules, by whether they go on', labelNames: ['state'] },
    read() {
      const schedules = { active: 0, paused: 0, over: 0 };
      for (const { schedule } of service.schedules()) {
        if (schedule.isPaused) schedules.paused += 1;
        else if (service.next(schedule.name, 1).length > 0) schedules.active += 1;
        else schedules.over += 1;
      }
      return Object.entries(schedules).map(([state, value]) => ({ labels: { state }, value }));
    },
  });

  addReadCounter(registry, {
    name: 'drover_schedule_occurrences_total',
    help: 'Occurrences of a schedule, by what became of them',
    labelNames: ['schedule', 'outcome'],
    read() {
      const { own, others } = shown();
      const samples = own.flatMap(({ schedule, progress }) => samplesOf(schedule.name, progress.counts));
      return others.length === 0 ? samples : [...samples, ...samplesOf(ALL_OTHERS, sumOf(others))];
    },
  });

  addReadGauge(registry, {
    name: 'drover_schedule_last_start_timestamp_seconds',
    help: 'For which moment a schedule had its last job, in seconds since 1970',
    labelNames: ['schedule'],
    read: () =>
      shown().own.flatMap(({ schedule, progress: { lastStartedMs } }) =>
        lastStartedMs === null ? [] : [{ labels: { schedule: schedule.name }, value: lastStartedMs / 1_000 }],
      ),
  });
}

function samplesOf(schedule: string, counts: Counts) {
  return Object.entries(counts).map(([outcome, value]) => ({ labels: { schedule, outcome }, value }));
}

function sumOf(schedules: readonly KeptSchedule[]): Counts {
  return schedules.reduce(
    (sum, { progress: { counts } }) => ({
      started: sum.started + counts.started,
      skipped: sum.skipped + counts.skipped,
      missed: sum.missed + counts.missed,
      refused: sum.refused + counts.refused,
    }),
    NONE,
  );
}

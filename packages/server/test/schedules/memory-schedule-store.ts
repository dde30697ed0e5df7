import type { KeptSchedule } from '../../src/schedule/schedule.ts';
import type { ScheduleStore } from '../../src/store/schedule-store.ts';

/** A schedule store that forgets with the test, for servers whose schedules never come round. */
export function memoryScheduleStore(): ScheduleStore {
  const kept = new Map<string, KeptSchedule>();
  return {
    schedules: async () => [...kept.values()],
    put: async (schedule, progress) => void kept.set(schedule.name, { schedule, progress }),
    remove: async (name) => kept.delete(name),
    async saveProgress(name, progress) {
      const one = kept.get(name);
      if (one !== undefined) kept.set(name, { ...one, progress });
    },
    start: async () => Promise.reject(new Error('not a part of this test')),
    unfinishedJobs: async () => [],
  };
}

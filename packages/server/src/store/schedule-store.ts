import type { Job } from '../job/job.ts';
import type { KeptSchedule, Schedule, ScheduleProgress } from '../schedule/schedule.ts';

/** Schedules, and how far they have come. Writes resolve when they are on disk. */
export interface ScheduleStore {
  /** By name. */
  schedules(): Promise<KeptSchedule[]>;
  /** Stores a schedule over the one of its name. */
  put(schedule: Schedule, progress: ScheduleProgress): Promise<void>;
  /** Whether there was one. */
  remove(name: string): Promise<boolean>;
  /** Changes nothing where the schedule is gone. */
  saveProgress(name: string, progress: ScheduleProgress): Promise<void>;
  /**
   * Stores the job of an occurrence, and with it how far the schedule has come, in one transaction: `progress.lastStartedMs` is the
   * occurrence. Null, and nothing is stored, where the schedule is gone, or an occurrence at or behind that moment has its job already.
   */
  start(name: string, job: Job, progress: ScheduleProgress): Promise<Job | null>;
  /** Ids of jobs of the schedule that have not ended, the oldest first; arrays as one, without their elements. */
  unfinishedJobs(name: string, limit: number): Promise<string[]>;
}

import type { Submission } from '../jobs/service.ts';
import type { SubmittedJob } from '../jobs/submit-once.ts';
import type { KeptSchedule, Schedule } from '../schedule/schedule.ts';

/** What somebody who wants jobs to be submitted gives. */
export type ScheduleDraft = Omit<Schedule, 'createdAtMs'>;

/** What can be changed about a schedule. */
export type ScheduleChange = (schedule: Schedule) => Omit<Schedule, 'name' | 'tenant' | 'createdAtMs'>;

/** What users do with schedules. Changes resolve when they are on disk, and hold from then on. */
export interface ScheduleService {
  /** By name. */
  schedules(): KeptSchedule[];
  /** @throws `SCHEDULE_NOT_FOUND` */
  schedule(name: string): KeptSchedule;
  /** The next occurrences; none of a schedule that is paused or over. @throws `SCHEDULE_NOT_FOUND` */
  next(name: string, count: number): number[];
  /**
   * @throws `SCHEDULE_EXISTS`, `TOO_MANY_SCHEDULES`, `INVALID_SCHEDULE`, and what a submit of its job would be refused with now, but for
   * `QUEUE_DRAINING`
   */
  create(draft: ScheduleDraft): Promise<KeptSchedule>;
  /**
   * Occurrences before the change of a time are none of the schedule's any more, nor are those of a pause that it ends.
   *
   * @throws `SCHEDULE_NOT_FOUND`, and what `create` refuses
   */
  change(name: string, change: ScheduleChange): Promise<KeptSchedule>;
  /** Its jobs stay. @throws `SCHEDULE_NOT_FOUND` */
  remove(name: string): Promise<void>;
  /**
   * Submits its job now, whatever its rules, and also while it is paused.
   *
   * @param key as for `JobService.submitOnce`
   * @param trace of the request that asks for it
   * @throws `SCHEDULE_NOT_FOUND`, and what `JobService.submitOnce` refuses
   */
  run(name: string, key: string | null, trace?: Pick<Submission, 'traceParent'>): Promise<SubmittedJob>;
}

/** Makes a submit of the job that a schedule holds. */
export type ReadScheduledJob = (job: Schedule['job'], tenant: string) => Submission;

import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import { DroverError, droverError } from '../errors/drover-error.ts';
import type { JobService, Submission } from '../jobs/service.ts';
import { newProgress, restarted } from '../schedule/progress.ts';
import { faultFromNow, nextOccurrences, type Recurrence } from '../schedule/recurrence.ts';
import type { KeptSchedule, Schedule } from '../schedule/schedule.ts';
import type { ScheduleStore } from '../store/schedule-store.ts';
import { createSequence } from '../timing/sequence.ts';
import { newEntry, recurrenceOf, type ScheduleEntry, takeUpEntry } from './entry.ts';
import type { ReadScheduledJob, ScheduleService } from './schedule-service.ts';
import { createTimekeeper } from './timekeeper.ts';

export interface ScheduleServiceOptions {
  store: ScheduleStore;
  jobs: Pick<JobService, 'preview' | 'submitOnce' | 'stop'>;
  readJob: ReadScheduledJob;
  now: () => number;
  log: Logger;
}

export interface OpenScheduleService extends ScheduleService {
  /** Begins to submit jobs, with what was missed while no server ran. */
  begin(): void;
  close(): Promise<void>;
}

/** Each has an alarm, and they may all come round at once. */
const MAX_SCHEDULES = 1_000;

/** Reads the schedules that there are. */
export async function openScheduleService(options: ScheduleServiceOptions): Promise<OpenScheduleService> {
  const { store, jobs, readJob, now, log } = options;
  const entries = new Map((await store.schedules()).map((kept) => [kept.schedule.name, takeUpEntry(kept)]));
  const oneByOne = createSequence();
  const timekeeper = createTimekeeper({ ...options, entries: () => entries.values() });

  function known(name: string): ScheduleEntry {
    const entry = entries.get(name);
    if (entry === undefined) throw droverError('SCHEDULE_NOT_FOUND', { name });
    return entry;
  }

  /** Another one may have removed it while this one waited for its turn. */
  function changing<Answer>(name: string, work: (entry: ScheduleEntry) => Promise<Answer>): Promise<Answer> {
    return known(name).oneByOne(() => work(known(name)));
  }

  /** What would be refused each time is better refused now. */
  async function checkJob(schedule: Pick<Schedule, 'name' | 'job' | 'tenant'>): Promise<void> {
    try {
      await jobs.preview(byHand(schedule));
    } catch (error) {
      // That may be over by its next occurrence.
      if (!(error instanceof DroverError && error.code === 'QUEUE_DRAINING')) throw error;
    }
  }

  function byHand({ name, job, tenant }: Pick<Schedule, 'name' | 'job' | 'tenant'>): Submission {
    return { ...readJob(job, tenant), schedule: { name, atMs: null } };
  }

  async function keep(
    entry: ScheduleEntry,
    { schedule, progress }: KeptSchedule,
    recurrence: Recurrence,
  ): Promise<KeptSchedule> {
    await store.put(schedule, progress);
    Object.assign(entry, { schedule, progress, recurrence } satisfies Partial<ScheduleEntry>);
    timekeeper.look(entry);
    return { schedule, progress };
  }

  return {
    schedules: () => [...entries.values()].sort((one, other) => (one.schedule.name < other.schedule.name ? -1 : 1)),
    schedule: known,

    next(name, count) {
      const { schedule, recurrence } = known(name);
      return schedule.isPaused ? [] : nextOccurrences(recurrence, now(), count);
    },

    create: (draft) =>
      oneByOne(async () => {
        const { name } = draft;
        if (entries.has(name)) throw droverError('SCHEDULE_EXISTS', { name });
        if (entries.size >= MAX_SCHEDULES) throw droverError('TOO_MANY_SCHEDULES', { most: MAX_SCHEDULES });
        const nowMs = now();
        const kept = { schedule: { ...draft, createdAtMs: nowMs }, progress: newProgress(nowMs) };
        const entry = newEntry(kept);
        checkComesRound(entry.recurrence, draft.endMs, nowMs);
        await checkJob(kept.schedule);
        await keep(entry, kept, entry.recurrence);
        entries.set(name, entry);
        return kept;
      }),

    change: (name, change) =>
      changing(name, async (entry) => {
        const before = entry.schedule;
        const { tenant, createdAtMs } = before;
        const schedule: Schedule = { ...change(before), name, tenant, createdAtMs };
        const recurrence = recurrenceOf(schedule);
        const nowMs = now();
        const areOtherTimes = haveTimesChanged(before, schedule);
        // What has had its last occurrence can be changed otherwise.
        if (areOtherTimes) checkComesRound(recurrence, schedule.endMs, nowMs);
        if (!isDeepStrictEqual(schedule.job, before.job)) await checkJob(schedule);
        const begins = before.isPaused && !schedule.isPaused;
        const progress = begins || areOtherTimes ? restarted(entry.progress, nowMs) : entry.progress;
        return keep(entry, { schedule, progress }, recurrence);
      }),

    remove: (name) =>
      changing(name, async (entry) => {
        await store.remove(name);
        entry.isRemoved = true;
        entries.delete(name);
        timekeeper.forget(entry);
      }),

    async run(name, key, trace = {}) {
      const submitted = await jobs.submitOnce({ ...byHand(known(name).schedule), ...trace }, key);
      if (submitted.isReplay) return submitted;
      const note = async (entry: ScheduleEntry) => {
        const progress = { ...entry.progress, lastJobId: submitted.job.id };
        await store.saveProgress(name, progress);
        entry.progress = progress;
      };
      // The job is there, whatever becomes of the note.
      await changing(name, note).catch((error: unknown) =>
        log.warn({ err: error }, 'could not note the job of a schedule'),
      );
      return submitted;
    },

    begin: timekeeper.begin,
    close: timekeeper.close,
  };
}

/** @throws `INVALID_SCHEDULE` */
function checkComesRound(recurrence: Recurrence, endMs: number | null, nowMs: number): void {
  const fault = faultFromNow(recurrence, endMs, nowMs);
  if (fault !== null) throw droverError('INVALID_SCHEDULE', { ...fault });
}

function haveTimesChanged(before: Schedule, after: Schedule): boolean {
  const timesOf = ({ cron, timeZone, startMs, endMs }: Schedule) => [cron, timeZone, startMs, endMs];
  return !isDeepStrictEqual(timesOf(before), timesOf(after));
}

import { DroverError } from '../errors/drover-error.ts';
import type { Job } from '../job/job.ts';
import type { JobService } from '../jobs/service.ts';
import type { WantedOccurrence } from '../schedule/due.ts';
import { decideOverlap } from '../schedule/overlap.ts';
import { afterRefusal, afterSkip, afterStart } from '../schedule/progress.ts';
import type { KeptSchedule, Schedule, ScheduleProgress } from '../schedule/schedule.ts';
import type { ScheduleStore } from '../store/schedule-store.ts';
import type { ReadScheduledJob } from './schedule-service.ts';

/** What a schedule works with. */
export interface ScheduleWork {
  store: ScheduleStore;
  jobs: Pick<JobService, 'preview'>;
  readJob: ReadScheduledJob;
  now: () => number;
}

export interface Decided {
  /** As it was committed. */
  progress: ScheduleProgress;
  /** Null where the occurrence has none. */
  jobId: string | null;
}

/** Of a schedule: looked at for its next occurrence, no more. */
const MOST_UNFINISHED = 1_000;

/**
 * Decides about one occurrence, and commits that. A job that is refused is noted as such. Where it rejects nothing was committed, and the
 * occurrence is still to be decided. What the job replaces, `progress.toStop`, is still to be stopped.
 *
 * @param madeUpBefore the job of the occurrence before, where that was made up for in the same breath
 */
export async function decideOccurrence(
  work: ScheduleWork,
  { schedule, progress }: KeptSchedule,
  { atMs, isLate }: WantedOccurrence,
  madeUpBefore: string | null,
): Promise<Decided> {
  const { store, now } = work;
  const { name, overlap } = schedule;
  const save = async (after: ScheduleProgress): Promise<Decided> => {
    await store.saveProgress(name, after);
    return { progress: after, jobId: null };
  };
  // The one before waits for those before it.
  const unfinished =
    isLate && madeUpBefore !== null ? [madeUpBefore] : await store.unfinishedJobs(name, MOST_UNFINISHED);
  const decision = decideOverlap(overlap, unfinished, isLate);
  if (decision.type === 'skip') return save(afterSkip(progress, atMs));

  const made = await makeJob(work, schedule, atMs, decision.behind);
  if (made instanceof DroverError) return save(afterRefusal(progress, atMs, made, now()));
  const after = afterStart(progress, atMs, made.id, decision.toStop);
  const job = await store.start(name, made, after);
  if (job === null) return { progress: await storedProgress(store, name, after), jobId: null };
  return { progress: after, jobId: job.id };
}

/** What the store knows of a schedule that has come further than was known here. */
async function storedProgress(
  store: ScheduleStore,
  name: string,
  otherwise: ScheduleProgress,
): Promise<ScheduleProgress> {
  const kept = (await store.schedules()).find(({ schedule }) => schedule.name === name);
  return kept?.progress ?? otherwise;
}

/** Errors that say nothing of the job, but that nothing can be recorded. */
const OF_THE_SERVER: readonly string[] = ['STORAGE_FULL', 'SHUTTING_DOWN'];

/** The job that is to be stored, or what a submit of it is refused with. */
async function makeJob(
  { jobs, readJob }: ScheduleWork,
  { name, tenant, job }: Schedule,
  atMs: number,
  behind: readonly string[],
): Promise<Job | DroverError> {
  try {
    const submission = readJob(job, tenant);
    const waitsFor = behind.map((jobId) => ({ jobId, condition: 'ended' as const }));
    const after = [...(submission.after ?? []), ...waitsFor];
    return await jobs.preview({ ...submission, after, schedule: { name, atMs } });
  } catch (error) {
    if (error instanceof DroverError && !OF_THE_SERVER.includes(error.code)) return error;
    throw error;
  }
}

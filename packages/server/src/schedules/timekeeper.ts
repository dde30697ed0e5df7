import type { Logger } from 'pino';
import type { JobService } from '../jobs/service.ts';
import { planDue } from '../schedule/due.ts';
import { afterMissed, rewound, undecidedAfterMs } from '../schedule/progress.ts';
import type { ScheduleProgress } from '../schedule/schedule.ts';
import { createAlarms } from '../timing/alarms.ts';
import { collectDue } from './collect-due.ts';
import { decideOccurrence, type ScheduleWork } from './decide-occurrence.ts';
import type { ScheduleEntry } from './entry.ts';

/** Sees to it that occurrences are decided when their time has come. */
export interface Timekeeper {
  /** The schedule is new, or was changed. */
  look(entry: ScheduleEntry): void;
  forget(entry: ScheduleEntry): void;
  /** Takes up what the server before has left. */
  begin(): void;
  /** What is being decided comes to its end. */
  close(): Promise<void>;
}

export interface TimekeeperOptions extends ScheduleWork {
  jobs: Pick<JobService, 'preview' | 'stop'>;
  entries: () => Iterable<ScheduleEntry>;
  log: Logger;
}

/** Where nothing can be recorded. */
const TRY_AGAIN_MS = 10_000;
/** A clock that went back: alarms wait for times that lie further ahead by then. */
const LOOK_AT_CLOCK_EVERY_MS = 10_000;

export function createTimekeeper(options: TimekeeperOptions): Timekeeper {
  const { store, jobs, now, log, entries } = options;
  const alarms = createAlarms(now);
  const failing = new Set<string>();
  let isOpen = false;
  let lastSeenMs = now();

  const clockTimer = setInterval(() => {
    const nowMs = now();
    if (nowMs < lastSeenMs) for (const entry of entries()) look(entry);
    lastSeenMs = nowMs;
  }, LOOK_AT_CLOCK_EVERY_MS);
  clockTimer.unref();

  function look(entry: ScheduleEntry): void {
    if (!isOpen) return;
    const { name } = entry.schedule;
    const wakeAt = (atMs: number | null) => {
      if (atMs === null || !isOpen) alarms.clear(name);
      else alarms.set(name, atMs, () => look(entry));
    };
    entry
      .oneByOne(async () => {
        if (entry.isRemoved) return;
        await decideDue(entry);
        if (failing.delete(name)) log.info({ schedule: name }, 'a schedule can be recorded again');
        const { schedule, recurrence, progress } = entry;
        wakeAt(schedule.isPaused ? null : recurrence.next(undecidedAfterMs(progress)));
      })
      .catch((error: unknown) => {
        if (!isOpen || entry.isRemoved) return;
        if (!failing.has(name)) log.error({ err: error, schedule: name }, 'a schedule cannot go on; trying again');
        failing.add(name);
        wakeAt(now() + TRY_AGAIN_MS);
      });
  }

  async function decideDue(entry: ScheduleEntry): Promise<void> {
    const { schedule, recurrence } = entry;
    await stopReplaced(entry);
    if (schedule.isPaused) return;
    const nowMs = now();
    const save = async (progress: ScheduleProgress) => {
      await store.saveProgress(schedule.name, progress);
      entry.progress = progress;
    };
    const progress = rewound(entry.progress, nowMs);
    if (progress !== entry.progress) await save(progress);
    const due = await collectDue(recurrence, undecidedAfterMs(progress), nowMs);
    const plan = planDue(schedule, due, nowMs);
    if (plan.lastMissedMs !== null) {
      await save(afterMissed(progress, plan.lastMissedMs, plan.missed));
      log.warn({ schedule: schedule.name, missed: plan.missed }, 'occurrences of a schedule were missed');
    }
    let madeUpBefore: string | null = null;
    for (const occurrence of plan.wanted) {
      if (!isOpen) return;
      const before = entry.progress;
      const decided = await decideOccurrence(options, entry, occurrence, madeUpBefore);
      entry.progress = decided.progress;
      await stopReplaced(entry);
      if (occurrence.isLate) madeUpBefore = decided.jobId ?? madeUpBefore;
      const code = refusalCode(decided.progress);
      if (code !== null && code !== refusalCode(before)) {
        log.warn({ schedule: schedule.name, code }, 'the job of a schedule was refused');
      }
    }
  }

  /** Once more does no harm; it is needed where this failed, or a server ended before it. */
  async function stopReplaced(entry: ScheduleEntry): Promise<void> {
    const { toStop } = entry.progress;
    if (toStop.length === 0) return;
    for (const id of toStop) await jobs.stop(id);
    entry.progress = { ...entry.progress, toStop: [] };
  }

  return {
    look,
    forget(entry) {
      alarms.clear(entry.schedule.name);
      failing.delete(entry.schedule.name);
    },
    begin() {
      isOpen = true;
      for (const entry of entries()) look(entry);
    },
    async close() {
      isOpen = false;
      clearInterval(clockTimer);
      alarms.close();
      for (const { oneByOne } of entries()) await oneByOne(async () => {});
    },
  };
}

/** What the last occurrence was refused with: the log tells of it when that begins. */
function refusalCode({ lastOccurrence, lastError }: ScheduleProgress): string | null {
  return lastOccurrence?.outcome === 'refused' ? (lastError?.code ?? null) : null;
}

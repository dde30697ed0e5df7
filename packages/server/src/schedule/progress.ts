import type { OccurrenceOutcome, ScheduleProgress } from './schedule.ts';

/** Of a schedule that begins now. */
export function newProgress(nowMs: number): ScheduleProgress {
  return {
    decidedUntilMs: nowMs,
    lastStartedMs: null,
    lastOccurrence: null,
    lastJobId: null,
    lastError: null,
    toStop: [],
    counts: { started: 0, skipped: 0, missed: 0, refused: 0 },
  };
}

/** Behind which moment the next occurrence lies. */
export function undecidedAfterMs({ decidedUntilMs, lastStartedMs }: ScheduleProgress): number {
  return Math.max(lastStartedMs ?? Number.NEGATIVE_INFINITY, decidedUntilMs);
}

/**
 * For a clock that went back: what comes again may be decided again, but for what has a job. A clock that ran ahead for a while does not
 * keep the schedule from going on. The same object where it did not go back.
 */
export function rewound(progress: ScheduleProgress, nowMs: number): ScheduleProgress {
  return progress.decidedUntilMs <= nowMs ? progress : { ...progress, decidedUntilMs: nowMs };
}

/** What came before is nothing to the schedule any more: it was changed, or paused until now. */
export function restarted(progress: ScheduleProgress, nowMs: number): ScheduleProgress {
  return { ...progress, decidedUntilMs: nowMs };
}

/** @param toStop jobs that the new one replaces */
export function afterStart(
  progress: ScheduleProgress,
  atMs: number,
  jobId: string,
  toStop: readonly string[],
): ScheduleProgress {
  return { ...decided(progress, atMs, 'started', 1), lastStartedMs: atMs, lastJobId: jobId, toStop };
}

export function afterSkip(progress: ScheduleProgress, atMs: number): ScheduleProgress {
  return decided(progress, atMs, 'skipped', 1);
}

/** @param lastMs of the last of these occurrences */
export function afterMissed(progress: ScheduleProgress, lastMs: number, count: number): ScheduleProgress {
  return decided(progress, lastMs, 'missed', count);
}

/** @param nowMs when the submit was refused */
export function afterRefusal(
  progress: ScheduleProgress,
  atMs: number,
  error: { code: string; message: string },
  nowMs: number,
): ScheduleProgress {
  return withError(decided(progress, atMs, 'refused', 1), error, nowMs);
}

/** @param nowMs when it was met */
export function withError(
  progress: ScheduleProgress,
  { code, message }: { code: string; message: string },
  nowMs: number,
): ScheduleProgress {
  return { ...progress, lastError: { atMs: nowMs, code, message } };
}

function decided(
  progress: ScheduleProgress,
  atMs: number,
  outcome: OccurrenceOutcome,
  count: number,
): ScheduleProgress {
  const counts = { ...progress.counts, [outcome]: progress.counts[outcome] + count };
  return { ...progress, decidedUntilMs: atMs, lastOccurrence: { atMs, outcome }, counts };
}

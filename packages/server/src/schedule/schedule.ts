import type { JsonObject } from '../job/job.ts';

/**
 * What becomes of an occurrence while a job of the schedule has not ended. `allow`: its job is submitted all the same. `skip`: it has
 * none. `replace`: the jobs that have not ended are stopped, and its own starts behind them.
 */
export const OVERLAP_RULES = ['skip', 'allow', 'replace'] as const;
export type OverlapRule = (typeof OVERLAP_RULES)[number];

/** What becomes of occurrences whose time has passed unseen: none of them is made up for, the last of them, or all. */
export const MISSED_RULES = ['skip', 'run_once', 'run_all'] as const;
export type MissedRule = (typeof MISSED_RULES)[number];

/** A schedule as it is stored: when which job is submitted. */
export interface Schedule {
  name: string;
  /** Whose its jobs are. */
  tenant: string;
  /** Five fields, or six with seconds in front, or a nickname such as `@daily`. */
  cron: string;
  /** IANA name. */
  timeZone: string;
  /** Body of a submit without `id` and `dry_run`, as it was sent. */
  job: JsonObject;
  overlap: OverlapRule;
  missed: MissedRule;
  /** Occurrences that lie further back are not made up for; null: whatever their age. */
  missedWindowMs: number | null;
  /** No occurrence before; null: none is too early. */
  startMs: number | null;
  /** No occurrence at or after; null: it does not end. */
  endMs: number | null;
  isPaused: boolean;
  createdAtMs: number;
}

/** A schedule, and how far it has come. */
export interface KeptSchedule {
  schedule: Schedule;
  progress: ScheduleProgress;
}

/** What was decided about an occurrence. */
export type OccurrenceOutcome = 'started' | 'skipped' | 'missed' | 'refused';

/** How far a schedule has come. */
export interface ScheduleProgress {
  /** Occurrences up to this moment were decided, or are none of the schedule's: it was not there, paused, or another one. */
  decidedUntilMs: number;
  /** Of the last occurrence for which there is a job. None at or before it ever gets one; null before the first. */
  lastStartedMs: number | null;
  lastOccurrence: { atMs: number; outcome: OccurrenceOutcome } | null;
  /** The last job, also one that was asked for by hand. */
  lastJobId: string | null;
  /** The last submit that was refused. */
  lastError: { atMs: number; code: string; message: string } | null;
  /** Jobs that are to be stopped for the last one. */
  toStop: readonly string[];
  counts: Record<OccurrenceOutcome, number>;
}

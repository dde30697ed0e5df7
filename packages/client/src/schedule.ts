import type { JobSubmission, JsonObject } from './job.ts';

/** What an occurrence does while a job of the schedule has not ended. */
export type OverlapRule = 'skip' | 'allow' | 'replace';

/** Which of the occurrences are made up for whose time has passed unseen, as while no server ran. */
export type MissedRule = 'skip' | 'run_once' | 'run_all';

/** What a schedule submits: each occurrence has a job of its own, so none can be named. */
export type ScheduledJob = Omit<JobSubmission, 'id'>;

/** A schedule, field for field as it is on the wire. Times are RFC 3339 texts. */
export interface Schedule {
  name: string;
  /** Whose its jobs are. */
  tenant: string;
  /** Five fields, or six with seconds in front, or a nickname such as `@daily`. */
  cron: string;
  /** IANA name. */
  time_zone: string;
  overlap: OverlapRule;
  missed: MissedRule;
  /** Occurrences further back are not made up for; null: whatever their age. */
  missed_window_seconds: number | null;
  start_at: string | null;
  end_at: string | null;
  paused: boolean;
  /** Body of a submit, as it was sent. */
  job: JsonObject;
  created_at: string;
  /** None of a schedule that is paused or over. */
  next_occurrences: string[];
  last_occurrence: { scheduled_at: string; outcome: 'started' | 'skipped' | 'missed' | 'refused' } | null;
  /** Id of the last job, which may have been deleted since. */
  last_job: string | null;
  /** The last submit that was refused. */
  last_error: { at: string; code: string; message: string } | null;
  /** What has become of the occurrences so far. */
  occurrences: { started: number; skipped: number; missed: number; refused: number };
}

/** What can be set about a schedule. */
export interface ScheduleSettings {
  cron: string;
  job: ScheduledJob;
  /** Absent: UTC. */
  time_zone?: string;
  /** Absent: `skip`. */
  overlap?: OverlapRule;
  /** Absent: `skip`. */
  missed?: MissedRule;
  missed_window_seconds?: number | null;
  /** RFC 3339. No occurrence before. */
  start_at?: string | null;
  /** RFC 3339. No occurrence then, or later. */
  end_at?: string | null;
  paused?: boolean;
}

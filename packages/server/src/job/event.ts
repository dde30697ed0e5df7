import type { JsonObject } from './job.ts';

/** What can happen to a job; one event per change of its row, but for the count of an array's elements. */
export const JOB_EVENT_TYPES = [
  'submitted',
  'handed_over',
  'started',
  'withdrawn',
  'stop_requested',
  'dependencies_met',
  'retrying',
  'ended',
] as const;
/** `progress` is told to listeners only, and never stored: elements of an array were counted anew. */
export type JobEventType = (typeof JOB_EVENT_TYPES)[number] | 'progress';

/** One line of a job's history, written in the transaction that changed the job. */
export interface JobEvent {
  /** Ascending over all jobs; 0 before the store has assigned one. */
  id: number;
  jobId: string;
  type: JobEventType;
  atMs: number;
  /** The job's revision after this event. */
  revision: number;
  /** What changed and why; regular per type. */
  detail: JsonObject;
}

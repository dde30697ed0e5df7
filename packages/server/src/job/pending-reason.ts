/** Why a job can wait. */
export const PENDING_REASON_CODES = [
  'PREPARING_ENVIRONMENT',
  'WAITING_FOR_DEPENDENCY',
  'RETRY_BACKOFF',
  'QUEUE_PAUSED',
  'ARRAY_LIMIT',
  'TENANT_QUOTA',
  'QUEUE_LIMIT',
  'WAITING_FOR_RESOURCES',
  'TOO_MANY_RUNNING',
  'BEHIND_OTHERS',
  'ENGINE_UNAVAILABLE',
  'WAITING_IN_ENGINE',
  'STARTING',
  'STOPPING',
] as const;

/** Why a job waits. Computed when read; never stored. */
export interface PendingReason {
  code: (typeof PENDING_REASON_CODES)[number];
  /** In words, with numbers: "needs 2 gpus: 4 in all, 3 in use; 5th in queue train". */
  message: string;
  /** Jobs ahead in the same queue and tenant; null where the job does not wait for its turn. */
  jobsAhead: number | null;
  /** What there is too little of; null where it is nothing that can be counted. */
  lack: Lack | null;
}

/** A resource as a submit names it (`running`: places for drivers), in its own unit. */
export interface Lack {
  resource: string;
  needed: number;
  total: number;
  inUse: number;
}

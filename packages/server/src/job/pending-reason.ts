/** Why a job waits. Computed when read; never stored. */
export interface PendingReason {
  code:
    | 'PREPARING_ENVIRONMENT'
    | 'WAITING_FOR_RESOURCES'
    | 'TOO_MANY_RUNNING'
    | 'BEHIND_OTHERS'
    | 'ENGINE_UNAVAILABLE'
    | 'STARTING'
    | 'STOPPING';
  /** In words, with numbers: "needs 2 gpus: 4 in all, 3 in use". */
  message: string;
  /** Jobs ahead in the same queue; null where the job no longer waits in it. */
  jobsAhead: number | null;
}

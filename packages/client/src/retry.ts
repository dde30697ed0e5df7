/** Ends that a rule is about: those that match any of what it names. Something must be named. */
export interface RetryRule {
  /** 0 to 255. */
  exit_codes?: number[] | undefined;
  /** Names such as `SIGKILL`, which ended the driver. */
  signals?: string[] | undefined;
  /** Codes of ends, such as `OUT_OF_MEMORY`. */
  codes?: string[] | undefined;
  /** Whether such an end is tried again. */
  retry: boolean;
}

/** When a job is tried again, and after which ends. */
export interface RetryPolicy {
  /** Before the first retry; multiplied for each one that follows. */
  initial_delay_seconds: number;
  max_delay_seconds: number;
  /** 1 or more. */
  multiplier: number;
  /** By what fraction of itself, at random, a delay is made shorter: 0 to 1. */
  jitter: number;
  /** The first that matches decides; where none does, all is tried again but what would end the same way. */
  rules: RetryRule[];
}

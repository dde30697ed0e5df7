import type { JobDefaults, QueueRules } from '@drover/client/queue';
import type { Command } from 'commander';
import { orNone, orNull, parseCount, parseTime, type Removable } from './option-values.ts';

/** The options of what jobs of a queue get, as commander parsed them; times in milliseconds. */
export interface JobDefaultOptions {
  maxRetries?: Removable;
  timeLimit?: Removable;
  queueTimeLimit?: Removable;
  setupTimeLimit?: Removable;
  ttl?: Removable;
  maxTimeLimit?: Removable;
}

/** Adds `--max-retries`, `--time-limit`, `--queue-time-limit`, `--setup-time-limit`, `--ttl` and `--max-time-limit`. */
export function addJobDefaultOptions(command: Command): Command {
  const time = orNone(parseTime);
  return command
    .option('--max-retries <n>', 'of jobs that do not say how often they are tried again, or none', orNone(parseCount))
    .option('--time-limit <time>', 'of jobs that do not say how long they may run, or none', time)
    .option('--queue-time-limit <time>', 'of jobs that do not say how long they may wait to start, or none', time)
    .option('--setup-time-limit <time>', 'time to make the environment of a job ready, or none', time)
    .option('--ttl <time>', 'of jobs that do not say how long they are kept after their end, or none', time)
    .option('--max-time-limit <time>', 'longest run that a job of the queue may have, or none', time);
}

/** What was named of the rules, null where it is to go. */
export function jobDefaultsOf(options: JobDefaultOptions): Pick<QueueRules, 'defaults' | 'max_time_limit_seconds'> {
  const { maxRetries, timeLimit, queueTimeLimit, setupTimeLimit, ttl, maxTimeLimit } = options;
  const defaults: Partial<JobDefaults> = {
    ...(maxRetries === undefined ? {} : { max_retries: orNull(maxRetries) }),
    ...(timeLimit === undefined ? {} : { time_limit_seconds: inSeconds(timeLimit) }),
    ...(queueTimeLimit === undefined ? {} : { queue_time_limit_seconds: inSeconds(queueTimeLimit) }),
    ...(setupTimeLimit === undefined ? {} : { setup_time_limit_seconds: inSeconds(setupTimeLimit) }),
    ...(ttl === undefined ? {} : { ttl_seconds_after_finished: inSeconds(ttl) }),
  };
  return {
    ...(Object.keys(defaults).length === 0 ? {} : { defaults }),
    ...(maxTimeLimit === undefined ? {} : { max_time_limit_seconds: inSeconds(maxTimeLimit) }),
  };
}

function inSeconds(timeMs: Removable): number | null {
  return timeMs === 'none' ? null : timeMs / 1000;
}

import type { HoldingLimits } from '@drover/client/queue';
import type { Command } from 'commander';
import { orNone, parseAmount, parseCount, parseSize } from './option-values.ts';

/** A number, or the word that takes the limit away. */
type Limit = number | 'none';

/** The options of a queue's limits and of a tenant's quota, as commander parsed them. */
export interface LimitOptions {
  maxRunning?: Limit;
  cpus?: Limit;
  gpus?: Limit;
  memory?: Limit;
}

/** Adds `--max-running`, `--cpus`, `--gpus` and `--memory`. */
export function addLimitOptions(command: Command): Command {
  return command
    .option('--max-running <n>', 'jobs that run at once, or none', orNone(parseCount))
    .option('--cpus <n>', 'CPUs that running jobs hold together, or none', orNone(parseAmount))
    .option('--gpus <n>', 'GPUs that they hold together, or none', orNone(parseAmount))
    .option('--memory <size>', 'memory that they hold together, such as 64GiB, or none', orNone(parseSize));
}

/** The limits that were named, null where one is to go; undefined where none was. */
export function limitsOf({ maxRunning, cpus, gpus, memory }: LimitOptions): Partial<HoldingLimits> | undefined {
  const limits = {
    ...(maxRunning === undefined ? {} : { running: orNull(maxRunning) }),
    ...(cpus === undefined ? {} : { cpus: orNull(cpus) }),
    ...(gpus === undefined ? {} : { gpus: orNull(gpus) }),
    ...(memory === undefined ? {} : { memory_bytes: orNull(memory) }),
  };
  return Object.keys(limits).length === 0 ? undefined : limits;
}

function orNull(limit: Limit): number | null {
  return limit === 'none' ? null : limit;
}

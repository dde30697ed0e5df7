import type { HoldingLimits } from '@drover/client/queue';
import type { Command } from 'commander';
import { orNone, orNull, parseAmount, parseCount, parseSize, type Removable } from './option-values.ts';

/** The options of a queue's limits and of a tenant's quota, as commander parsed them. */
export interface LimitOptions {
  maxRunning?: Removable;
  cpus?: Removable;
  gpus?: Removable;
  memory?: Removable;
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

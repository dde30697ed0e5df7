import { createHash } from 'node:crypto';
import type { EngineCapacity } from '../engine.ts';
import { type LogCapper, openLogCapper } from '../log/log-capper.ts';
import { readTextIfThere } from '../record/read-text.ts';
import { findCapacity } from './capacity/capacity.ts';
import { listAttemptCgroups } from './cgroups/attempt-cgroups.ts';
import { parseCgroupMounts } from './cgroups/mounts.ts';
import { type CgroupLayout, openCgroups } from './cgroups/open-cgroups.ts';
import { describeLimits, warnOfLimits } from './describe-limits.ts';
import type { Machine } from './machine.ts';
import type { LocalEngineDescription, LocalEngineOptions } from './options.ts';
import { findOutliveWarnings } from './outlive-warnings.ts';

/** What this machine allows, as it was found when the engine was opened. */
export interface Surroundings {
  /** Null where attempts are held by marks of their processes. */
  layout: CgroupLayout | null;
  /** Cgroups of attempts that servers before this one left. */
  strays: readonly { attemptId: string; directory: string }[];
  logCapper: LogCapper;
  capacity: EngineCapacity;
  description: LocalEngineDescription;
}

/** Finds out, by trying, what can be in force here. */
export async function findSurroundings(
  attemptsDir: string,
  machine: Machine,
  options: LocalEngineOptions,
): Promise<Surroundings> {
  const { environment = process.env } = options;
  const mounts = parseCgroupMounts(
    readTextIfThere('/proc/self/mountinfo') ?? '',
    readTextIfThere('/proc/self/cgroup') ?? '',
  );
  // Of this data directory's own: two servers on one machine must not meet.
  const cgroupName = `drover-${createHash('sha256').update(attemptsDir).digest('hex').slice(0, 12)}`;
  const { layout, obstacles } =
    options.cgroups === 'off' ? { layout: null, obstacles: [] } : openCgroups(mounts, cgroupName);
  const logCapper = await openLogCapper(attemptsDir, options.logMaxBytes);
  return {
    layout,
    strays: layout ? listAttemptCgroups(layout) : [],
    logCapper,
    capacity: findCapacity(options.capacity, mounts),
    description: {
      ...describeLimits(layout, obstacles),
      logLimit: logCapper.description,
      warnings: [
        ...warnOfLimits(options.cgroups, layout, obstacles),
        ...(logCapper.warning === null ? [] : [logCapper.warning]),
        ...(await findOutliveWarnings({ pidNamespace: machine.pidNamespace, mounts, environment })),
      ],
    },
  };
}

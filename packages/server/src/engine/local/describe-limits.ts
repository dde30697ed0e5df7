import type { CgroupLayout, Enforcement } from './cgroups/open-cgroups.ts';
import type { LocalEngineDescription, LocalEngineOptions } from './options.ts';

/** Says by what attempts are held and limited. */
export function describeLimits(
  layout: CgroupLayout | null,
  obstacles: readonly string[],
): Pick<LocalEngineDescription, 'membership' | 'memoryLimit' | 'cpuLimit'> {
  if (layout === null) {
    const reason = `no cgroup can be used (${obstacles.join('; ') || 'switched off by configuration'})`;
    return {
      membership: `session, group and environment token of processes, as ${reason}`,
      memoryLimit: `not enforced: ${reason}`,
      cpuLimit: `not enforced: ${reason}`,
    };
  }
  return {
    membership: `cgroups in ${layout.membership}`,
    memoryLimit: describe(layout.memory, layout),
    cpuLimit: describe(layout.cpu, layout),
  };
}

/** What was asked for and is not in force, in sentences for the operator. Nothing where cgroups were switched off. */
export function warnOfLimits(
  asked: LocalEngineOptions['cgroups'],
  layout: CgroupLayout | null,
  obstacles: readonly string[],
): string[] {
  if (asked === 'off') return [];
  if (layout === null) {
    return [`limits of memory and processor time are not enforced: no cgroup can be used (${obstacles.join('; ')})`];
  }
  return [
    ...(layout.memory.kind === 'none' ? [`limits of memory are not enforced: ${layout.memory.reason}`] : []),
    ...(layout.cpu.kind === 'none' ? [`limits of processor time are not enforced: ${layout.cpu.reason}`] : []),
  ];
}

function describe(enforcement: Enforcement, layout: CgroupLayout): string {
  switch (enforcement.kind) {
    case 'same':
      return `enforced by cgroups in ${layout.membershipWithLimits}`;
    case 'separate':
      return `enforced by cgroups in ${enforcement.parent}`;
    case 'none':
      return `not enforced: ${enforcement.reason}`;
  }
}

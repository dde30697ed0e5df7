import type { CgroupLayout, Enforcement } from './cgroups/open-cgroups.ts';
import type { LocalEngineDescription } from './options.ts';

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

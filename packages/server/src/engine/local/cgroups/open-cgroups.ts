import { limitCpu, limitMemory } from './limits.ts';
import type { CgroupMount } from './mounts.ts';
import { makeOuterCgroup } from './outer-cgroup.ts';
import { probeCgroup } from './probe.ts';
import { makeV2Parents } from './v2-parents.ts';

/** Where attempts get their cgroups. */
export interface CgroupLayout {
  /** All parents that were made, to be removed when unused, the innermost first. */
  parents: readonly string[];
  /** Parent of the cgroup that holds an attempt's processes. */
  membership: string;
  /** The same for an attempt with a limit of a v2 controller. */
  membershipWithLimits: string;
  memory: Enforcement;
  cpu: Enforcement;
}

/** How a limit is enforced: in the membership's own cgroup (v2), in one of another hierarchy (v1), or not, and why. */
export type Enforcement = { kind: 'same' } | { kind: 'separate'; parent: string } | { kind: 'none'; reason: string };

/** Hierarchies of v1 that can hold any process without being set up first. */
const V1_MEMBERSHIP = ['freezer', 'pids', 'cpu', 'memory'];

/** Small enough for every machine, large enough to be no limit for the probe. */
const PROBE_MEMORY_BYTES = 64 * 1024 * 1024;

/**
 * Finds out, by trying, what this machine allows. The layout is null where no cgroup can hold an attempt's processes;
 * `obstacles` says why not.
 *
 * @param name of the outermost cgroup made in a hierarchy, this data directory's own
 */
export function openCgroups(
  mounts: readonly CgroupMount[],
  name: string,
): { layout: CgroupLayout | null; obstacles: string[] } {
  const obstacles: string[] = [];
  const attempt = <T>(work: () => T): T | null => {
    try {
      return work();
    } catch (error) {
      obstacles.push(error instanceof Error ? error.message : String(error));
      return null;
    }
  };
  const byController = (controller: string) => mounts.find((mount) => mount.controllers.includes(controller));

  // v1 first, where both are: its cgroups are entered in no time.
  for (const mount of V1_MEMBERSHIP.flatMap((controller) => byController(controller) ?? [])) {
    const layout = attempt(() => openV1(mount, name, byController));
    if (layout) return { layout, obstacles };
  }
  for (const mount of mounts.filter(({ version }) => version === 2)) {
    const layout = attempt(() => openV2(mount, name, byController));
    if (layout) return { layout, obstacles };
  }
  if (mounts.length === 0) obstacles.push('no cgroup file system is mounted');
  return { layout: null, obstacles };
}

type FindMount = (controller: string) => CgroupMount | undefined;

function openV2(mount: CgroupMount, name: string, find: FindMount): CgroupLayout {
  const v2 = makeV2Parents(mount, name);
  probeCgroup(v2.plain, () => undefined);
  const memory: Enforcement = v2.controllers.has('memory')
    ? same(v2.limited, (directory) => limitMemory(directory, 2, PROBE_MEMORY_BYTES))
    : separate(find('memory'), name, v2.obstacle, (directory) => limitMemory(directory, 1, PROBE_MEMORY_BYTES));
  const cpu: Enforcement = v2.controllers.has('cpu')
    ? same(v2.limited, (directory) => limitCpu(directory, 2, 1))
    : separate(find('cpu'), name, v2.obstacle, (directory) => limitCpu(directory, 1, 1));
  return {
    parents: [...v2.all, ...parentsOf([memory, cpu])],
    membership: v2.plain,
    membershipWithLimits: v2.limited,
    memory,
    cpu,
  };
}

function openV1(mount: CgroupMount, name: string, find: FindMount): CgroupLayout {
  const membership = makeOuterCgroup(mount, name);
  probeCgroup(membership, () => undefined);
  const memory = separate(find('memory'), name, '', (directory) => limitMemory(directory, 1, PROBE_MEMORY_BYTES));
  const cpu = separate(find('cpu'), name, '', (directory) => limitCpu(directory, 1, 1));
  return {
    parents: [...new Set([membership, ...parentsOf([memory, cpu])])],
    membership,
    membershipWithLimits: membership,
    memory,
    cpu,
  };
}

function same(parent: string, setUp: (directory: string) => void): Enforcement {
  return orReason(() => {
    probeCgroup(parent, setUp);
    return { kind: 'same' };
  });
}

function separate(
  mount: CgroupMount | undefined,
  name: string,
  obstacle: string,
  setUp: (directory: string) => void,
): Enforcement {
  if (!mount) return { kind: 'none', reason: obstacle || 'no hierarchy has the controller' };
  return orReason(() => {
    const parent = makeOuterCgroup(mount, name);
    probeCgroup(parent, setUp);
    return { kind: 'separate', parent };
  });
}

function orReason(work: () => Enforcement): Enforcement {
  try {
    return work();
  } catch (error) {
    return { kind: 'none', reason: error instanceof Error ? error.message : String(error) };
  }
}

function parentsOf(enforcements: Enforcement[]): string[] {
  return enforcements.flatMap((enforcement) => (enforcement.kind === 'separate' ? [enforcement.parent] : []));
}

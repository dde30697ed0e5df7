import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../../record/error-code.ts';
import type { CgroupMount } from './mounts.ts';
import { makeOuterCgroup } from './outer-cgroup.ts';
import { ensureDirectory } from './probe.ts';

/** The cgroups below which attempts get theirs, in a v2 hierarchy. */
export interface V2Parents {
  /** All that has to go when it is not needed any more, the innermost first. */
  all: readonly string[];
  /** For attempts without limits: no controller, so that making one costs little. */
  plain: string;
  /** For those with limits. */
  limited: string;
  /** Controllers that work there. */
  controllers: ReadonlySet<string>;
  /** Why the others do not; empty if all do. */
  obstacle: string;
}

/** A cgroup with controllers for its children cannot hold processes: where that is our own, we move in here. */
const SERVER_LEAF = 'drover-server';

/**
 * Makes the parents at the top of the hierarchy, or (without the right to) inside the server's own cgroup. Throws what
 * stands in the way there.
 *
 * @param name of the outermost of them, this data directory's own
 */
export function makeV2Parents(mount: CgroupMount, name: string): V2Parents {
  const own = basename(mount.ownDirectory) === SERVER_LEAF ? dirname(mount.ownDirectory) : mount.ownDirectory;
  const outer = makeOuterCgroup({ ...mount, ownDirectory: own }, name);
  const base = dirname(outer);
  const plain = join(outer, 'plain');
  const limited = join(outer, 'limited');
  ensureDirectory(plain);
  ensureDirectory(limited);
  const { enabled, obstacle } = enableControllers([base, outer, limited], base === own ? own : null);
  return { all: [plain, limited, outer], plain, limited, controllers: enabled, obstacle };
}

function enableControllers(path: string[], own: string | null): { enabled: ReadonlySet<string>; obstacle: string } {
  const enabled = new Set<string>();
  const obstacles: string[] = [];
  for (const controller of ['memory', 'cpu']) {
    try {
      for (const directory of path) enableController(directory, controller, own);
      enabled.add(controller);
    } catch (error) {
      obstacles.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { enabled, obstacle: obstacles.join('; ') };
}

function enableController(directory: string, controller: string, own: string | null): void {
  const available = readFileSync(join(directory, 'cgroup.controllers'), 'utf8').trim().split(' ');
  if (!available.includes(controller)) throw new Error(`${directory} has no ${controller} controller`);
  const enable = () => writeFileSync(join(directory, 'cgroup.subtree_control'), `+${controller}`);
  try {
    enable();
  } catch (error) {
    if (errorCode(error) !== 'EBUSY' || directory !== own) throw error;
    moveProcessesToLeaf(directory);
    enable();
  }
}

function moveProcessesToLeaf(directory: string): void {
  const leaf = join(directory, SERVER_LEAF);
  ensureDirectory(leaf);
  for (const pid of readFileSync(join(directory, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean)) {
    try {
      writeFileSync(join(leaf, 'cgroup.procs'), pid);
    } catch (error) {
      if (errorCode(error) !== 'ESRCH') throw error;
    }
  }
}

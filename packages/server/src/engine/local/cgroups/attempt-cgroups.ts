import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ResourceRequest } from '../../../job/resources.ts';
import { errorCode } from '../../record/error-code.ts';
import { limitCpu, limitMemory } from './limits.ts';
import type { CgroupLayout, Enforcement } from './open-cgroups.ts';
import { removeIfUnused } from './probe.ts';

const PREFIX = 'a-';

/**
 * Makes the cgroups of an attempt, with the limits that it asks for, and answers their directories: first the one that holds its
 * processes. Throws where the kernel refuses; then none is left.
 */
export function makeAttemptCgroups(
  layout: CgroupLayout,
  attemptId: string,
  resources: ResourceRequest,
): [string, ...string[]] {
  const memory = resources.memoryBytes > 0 ? layout.memory : null;
  const cpu = resources.cpus > 0 ? layout.cpu : null;
  const limited = memory?.kind === 'same' || cpu?.kind === 'same';
  const name = `${PREFIX}${attemptId}`;
  const membership = join(limited ? layout.membershipWithLimits : layout.membership, name);
  const directories: [string, ...string[]] = [membership];
  try {
    makeDirectory(membership);
    const memoryDirectory = directoryFor(memory, name, directories);
    if (memoryDirectory) limitMemory(memoryDirectory, memory?.kind === 'same' ? 2 : 1, resources.memoryBytes);
    const cpuDirectory = directoryFor(cpu, name, directories);
    if (cpuDirectory) limitCpu(cpuDirectory, cpu?.kind === 'same' ? 2 : 1, resources.cpus);
  } catch (error) {
    for (const directory of directories) removeIfUnused(directory);
    throw error;
  }
  return directories;
}

function directoryFor(
  enforcement: Enforcement | null,
  name: string,
  directories: [string, ...string[]],
): string | null {
  if (enforcement === null || enforcement.kind === 'none') return null;
  if (enforcement.kind === 'same') return directories[0];
  const directory = join(enforcement.parent, name);
  if (!directories.includes(directory)) {
    makeDirectory(directory);
    directories.push(directory);
  }
  return directory;
}

/** One that is there already is the attempt's own: its id is never used again. */
function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return;
    // Another server of this data directory removed the parent when it ended; the parents of limits need more, and stay a failure.
    if (errorCode(error) !== 'ENOENT') throw error;
    mkdirSync(directory, { recursive: true });
  }
}

/** Cgroups of attempts that are there now: when a server starts, those of servers before it. */
export function listAttemptCgroups(layout: CgroupLayout): { attemptId: string; directory: string }[] {
  return layout.parents.flatMap((parent) =>
    readdirSync(parent)
      .filter((name) => name.startsWith(PREFIX))
      .map((name) => ({ attemptId: name.slice(PREFIX.length), directory: join(parent, name) })),
  );
}

/** Removes the parents that no attempt uses. */
export function removeUnusedParents(layout: CgroupLayout): void {
  for (const parent of layout.parents) removeIfUnused(parent);
}

/** The cgroups that an attempt has, where its order does not tell any more; the one with its processes first. */
export function findAttemptCgroups(layout: CgroupLayout, attemptId: string): string[] {
  const parents = new Set([layout.membership, layout.membershipWithLimits, ...layout.parents]);
  return [...parents]
    .map((parent) => join(parent, `${PREFIX}${attemptId}`))
    .filter((directory) => existsSync(directory));
}

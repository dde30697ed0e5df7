/** A mounted cgroup hierarchy. */
export interface CgroupMount {
  version: 1 | 2;
  /** Controllers of a v1 hierarchy; empty for v2, and for a named one. */
  controllers: readonly string[];
  mountPoint: string;
  /** Directory of this server's own cgroup in it. */
  ownDirectory: string;
}

/**
 * Reads which hierarchies there are, and where this process is in each.
 *
 * @param mountInfo text of `/proc/self/mountinfo`, see proc(5)
 * @param ownCgroups text of `/proc/self/cgroup`, see cgroups(7)
 */
export function parseCgroupMounts(mountInfo: string, ownCgroups: string): CgroupMount[] {
  const mounts: CgroupMount[] = [];
  for (const line of mountInfo.split('\n')) {
    const [before, after] = line.split(' - ');
    const [, , , root, mountPoint] = before?.split(' ').map(unescapeOctal) ?? [];
    const [type, , options] = after?.split(' ') ?? [];
    if (root === undefined || mountPoint === undefined || (type !== 'cgroup' && type !== 'cgroup2')) continue;
    const version = type === 'cgroup2' ? 2 : 1;
    const own = ownPath(ownCgroups, version === 2 ? [''] : (options ?? '').split(','));
    if (own === null) continue;
    const controllers = version === 2 ? [] : own.controllers.filter((name) => !name.includes('='));
    mounts.push({ version, controllers, mountPoint, ownDirectory: below(mountPoint, root, own.path) });
  }
  return mounts;
}

/** The line of `/proc/self/cgroup` whose controllers are all among a mount's options. */
function ownPath(ownCgroups: string, options: string[]): { controllers: string[]; path: string } | null {
  for (const line of ownCgroups.split('\n')) {
    const match = /^\d+:([^:]*):(\/.*)$/.exec(line);
    const [, names, path] = match ?? [];
    if (names === undefined || path === undefined) continue;
    const controllers = names.split(',');
    if (controllers.every((name) => options.includes(name))) return { controllers, path };
  }
  return null;
}

/** In a container a mount may show only the part of the hierarchy below `root`. */
function below(mountPoint: string, root: string, path: string): string {
  const inside = root !== '/' && (path === root || path.startsWith(`${root}/`)) ? path.slice(root.length) : path;
  return inside === '/' || inside === '' ? mountPoint : `${mountPoint}${inside}`;
}

function unescapeOctal(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

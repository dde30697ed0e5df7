import { join } from 'node:path';
import { errorCode } from '../../record/error-code.ts';
import type { CgroupMount } from './mounts.ts';
import { ensureDirectory } from './probe.ts';

/**
 * Makes the cgroup that holds all others of a data directory, and answers its directory: at the top of the hierarchy,
 * where the next server finds it however it is started, and which stays when the service of this one is stopped; without the right
 * to that, inside the server's own cgroup. Throws what stands in the way there.
 */
export function makeOuterCgroup(mount: CgroupMount, name: string): string {
  const top = join(mount.mountPoint, name);
  try {
    ensureDirectory(top);
    return top;
  } catch (error) {
    const refused = ['EACCES', 'EPERM', 'EROFS'].includes(errorCode(error) ?? '');
    if (!refused || mount.ownDirectory === mount.mountPoint) throw error;
  }
  const own = join(mount.ownDirectory, name);
  ensureDirectory(own);
  return own;
}

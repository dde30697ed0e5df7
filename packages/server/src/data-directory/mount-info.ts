/** The mount that a path lies on. */
export interface Mount {
  mountPoint: string;
  /** As the kernel names it: `ext4`, `nfs4`, `fuse.sshfs`. */
  fileSystem: string;
}

/**
 * Finds the mount of an absolute path, without links, in the text of `/proc/self/mountinfo` (proc_pid_mountinfo(5)); null
 * where no line fits. Of mounts at one point the last hides the others.
 */
export function findMount(mountInfo: string, path: string): Mount | null {
  let found: Mount | null = null;
  for (const line of mountInfo.split('\n')) {
    const mount = parseLine(line);
    if (mount === null || !isWithin(path, mount.mountPoint)) continue;
    if (found === null || mount.mountPoint.length >= found.mountPoint.length) found = mount;
  }
  return found;
}

/** `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw`: the number of fields before the dash varies. */
function parseLine(line: string): Mount | null {
  const [before = '', after = ''] = line.split(' - ', 2);
  const mountPoint = before.split(' ')[4];
  const fileSystem = after.split(' ')[0];
  if (mountPoint === undefined || fileSystem === undefined || fileSystem === '') return null;
  return { mountPoint: unescapeOctal(mountPoint), fileSystem: unescapeOctal(fileSystem) };
}

/** Blanks, tabs, newlines and backslashes stand as `\040` and so on, byte by byte. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}

function isWithin(path: string, mountPoint: string): boolean {
  return mountPoint === '/' || path === mountPoint || path.startsWith(`${mountPoint}/`);
}

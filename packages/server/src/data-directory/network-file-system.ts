/**
 * File systems on which locks, shared memory or fsync cannot be relied on between machines, by the kernel's names. SQLite
 * says the same of its write-ahead log: https://www.sqlite.org/wal.html#overview ("does not work over a network
 * filesystem").
 */
const NETWORK_FILE_SYSTEMS: ReadonlySet<string> = new Set([
  '9p',
  'acfs',
  'afs',
  'beegfs',
  'ceph',
  'cifs',
  'coda',
  'gfs',
  'gfs2',
  'glusterfs',
  'gpfs',
  'lustre',
  'ncpfs',
  'nfs',
  'nfs4',
  'ocfs2',
  'orangefs',
  'panfs',
  'pvfs2',
  'smb2',
  'smb3',
  'smbfs',
  'vboxsf',
  'wekafs',
]);

/** FUSE's own file systems may be local (`fuse.mergerfs`); these are not. */
const NETWORK_FUSE: ReadonlySet<string> = new Set([
  'beegfs',
  'ceph',
  'cvmfs2',
  'davfs',
  'gcsfuse',
  'glusterfs',
  'grpcfuse',
  'juicefs',
  'moosefs',
  'mfs',
  'rclone',
  's3fs',
  'seaweedfs',
  'smbnetfs',
  'sshfs',
]);

/** Whether a file system, as the kernel names it, is one that other machines share. */
export function isNetworkFileSystem(fileSystem: string): boolean {
  const [kind, subtype] = fileSystem.split('.', 2);
  if (kind === 'fuse' || kind === 'fuseblk') return subtype !== undefined && NETWORK_FUSE.has(subtype);
  return NETWORK_FILE_SYSTEMS.has(fileSystem);
}

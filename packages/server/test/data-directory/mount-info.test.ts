import { expect, test } from 'vitest';
import { findMount } from '../../src/data-directory/mount-info.ts';
import { isNetworkFileSystem } from '../../src/data-directory/network-file-system.ts';

const MOUNT_INFO = `22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
23 22 0:21 / /proc rw,relatime shared:5 - proc proc rw
30 22 0:30 / /home rw,relatime shared:1 master:2 propagate_from:3 - nfs4 server:/home rw,vers=4.2
31 30 8:2 / /home/local\\040disk rw - xfs /dev/sdb1 rw
32 22 0:31 / /data rw - ext4 /dev/sdc rw
33 32 0:32 / /data rw - fuse.sshfs host:/ rw
`;

test.each([
  ['/', 'ext4'],
  ['/var/lib/drover', 'ext4'],
  ['/home', 'nfs4'],
  ['/home/anna/drover', 'nfs4'],
  ['/homes/anna', 'ext4'],
  ['/home/local disk/drover', 'xfs'],
  ['/home/local', 'nfs4'],
  ['/data/x', 'fuse.sshfs'],
])('%s lies on %s', (path, fileSystem) => {
  expect(findMount(MOUNT_INFO, path)?.fileSystem).toBe(fileSystem);
});

test('no list, no mount', () => {
  expect(findMount('', '/data')).toBeNull();
  expect(findMount('garbage\n1 2 3\n', '/data')).toBeNull();
});

test.each([
  'nfs',
  'nfs4',
  'cifs',
  'smb3',
  '9p',
  'fuse.sshfs',
  'fuse.glusterfs',
  'lustre',
  'gpfs',
  'beegfs',
  'ceph',
  'fuse.s3fs',
])('%s is a network file system', (fileSystem) => {
  expect(isNetworkFileSystem(fileSystem)).toBe(true);
});

test.each(['ext4', 'xfs', 'btrfs', 'zfs', 'tmpfs', 'overlay', 'fuse.mergerfs', 'fuseblk', 'fuse', 'virtiofs'])(
  '%s is local',
  (fileSystem) => {
    expect(isNetworkFileSystem(fileSystem)).toBe(false);
  },
);

import { describe, expect, it } from 'vitest';
import { parseCgroupMounts } from '../../../src/engine/local/cgroups/mounts.ts';

describe('parseCgroupMounts', () => {
  it('reads a machine with v2 alone', () => {
    const mounts = parseCgroupMounts(
      '30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n31 24 0:27 / /tmp rw - tmpfs tmpfs rw\n',
      '0::/user.slice/user-1000.slice/session-2.scope\n',
    );
    const ownDirectory = '/sys/fs/cgroup/user.slice/user-1000.slice/session-2.scope';
    expect(mounts).toEqual([{ version: 2, controllers: [], mountPoint: '/sys/fs/cgroup', ownDirectory }]);
  });

  it('reads a hybrid one, with hierarchies of several controllers and of none', () => {
    const mounts = parseCgroupMounts(
      [
        '40 30 0:30 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw',
        '41 30 0:31 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd',
        '42 30 0:32 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct',
        '43 30 0:33 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory',
      ].join('\n'),
      '3:memory:/service\n2:cpu,cpuacct:/\n1:name=systemd:/init.scope\n0::/init.scope\n',
    );
    expect(mounts.map(({ version, controllers, ownDirectory }) => [version, controllers, ownDirectory])).toEqual([
      [2, [], '/sys/fs/cgroup/unified/init.scope'],
      [1, [], '/sys/fs/cgroup/systemd/init.scope'],
      [1, ['cpu', 'cpuacct'], '/sys/fs/cgroup/cpu,cpuacct'],
      [1, ['memory'], '/sys/fs/cgroup/memory/service'],
    ]);
  });

  it('finds itself in a container that sees only its part of a hierarchy', () => {
    const [mount] = parseCgroupMounts(
      '43 30 0:33 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory',
      '3:memory:/docker/abc/inner\n',
    );
    expect(mount?.ownDirectory).toBe('/sys/fs/cgroup/memory/inner');
  });

  it('takes paths with spaces', () => {
    const [mount] = parseCgroupMounts('43 30 0:33 / /mnt/my\\040cgroups rw - cgroup2 none rw', '0::/\n');
    expect(mount?.mountPoint).toBe('/mnt/my cgroups');
  });
});

import { describe, expect, it } from 'vitest';
import { findOutliveWarnings } from '../../../src/engine/local/outlive-warnings.ts';

const FIRST_PID_NAMESPACE = '4026531836';

describe('findOutliveWarnings', () => {
  const inService = (service: string) => [
    {
      version: 2 as const,
      controllers: [],
      mountPoint: '/sys/fs/cgroup',
      ownDirectory: `/sys/fs/cgroup/system.slice/${service}`,
    },
  ];

  it('names the service whose end systemd makes the end of every driver', async () => {
    const warnings = await findOutliveWarnings({
      pidNamespace: FIRST_PID_NAMESPACE,
      mounts: inService('drover-that-nobody-installed.service'),
      environment: { INVOCATION_ID: 'abc' },
    });
    expect(warnings).toEqual([expect.stringMatching(/drover-that-nobody-installed\.service.*KillMode=process$/)]);
  });

  it('has nothing to say of a server that was started by hand', async () => {
    expect(
      await findOutliveWarnings({
        pidNamespace: FIRST_PID_NAMESPACE,
        mounts: inService('ssh.service'),
        environment: {},
      }),
    ).toEqual([]);
  });
});

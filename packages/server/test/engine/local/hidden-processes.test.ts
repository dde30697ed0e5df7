import { spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attemptPaths } from '../../../src/engine/attempt-directory.ts';
import { readProcess } from '../../../src/engine/local/processes/process-entry.ts';
import { fixture, orderFor } from '../orders.ts';
import { until } from '../until.ts';
import { startServer } from './killed-server.ts';

const NOBODY = 65534;

/** Runs what follows as a user who sees no other's processes. */
function hideFrom(user: number, hidepid: number): string[] {
  const script = `mount -t proc -o hidepid=${hidepid} proc /proc && exec setpriv --reuid=${user} --regid=${user} --clear-groups "$@"`;
  return ['unshare', '--mount', '/bin/sh', '-c', script, 'sh'];
}

describe.each([1, 2])('where /proc hides the processes of others (hidepid=%i)', (hidepid) => {
  it('a server that is not root runs drivers, and ends what they leave behind', async (ctx) => {
    const [unshare = '', ...args] = hideFrom(NOBODY, hidepid);
    const tried = spawnSync(unshare, [...args, process.execPath, '--version']);
    if (tried.status !== 0) ctx.skip(`no process can be hidden here: ${tried.error ?? tried.stderr}`);
    const folder = mkdtempSync(join(tmpdir(), 'drover-hidden-'));
    chownSync(folder, NOBODY, NOBODY);
    const server = await startServer(folder, 'off', hideFrom(NOBODY, hidepid));
    try {
      const order = orderFor(fixture('escape.sh'), { graceMs: 200 });
      const { log } = attemptPaths(folder, order.attemptId);
      server.handOver(order);
      await server.told(order.attemptId, 'ended');
      const pid = Number(/escaped (\d+)/.exec(readFileSync(log, 'utf8'))?.[1]);
      expect(pid).toBeGreaterThan(1);
      expect(readProcess(pid)).toBeNull();
    } finally {
      await server.kill(false);
      await until('launcher gone', () => readProcess(server.launcherPid) === null);
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

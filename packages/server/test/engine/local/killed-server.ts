import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { AttemptOrder } from '../../../src/engine/engine.ts';
import { until } from '../until.ts';

/** A server in a process of its own. */
export interface KillableServer {
  launcherPid: number;
  handOver(order: AttemptOrder): void;
  /** Waits until it has told this of an attempt. */
  told(attemptId: string, kind: string): Promise<void>;
  /** SIGKILL to it, and to its launcher as well if asked. */
  kill(launcherToo: boolean): Promise<void>;
}

/**
 * Starts a server whose descriptor 40 is a pipe that nobody told it of.
 *
 * @param wrapper command that becomes the server: its last argument is the first of the server's own
 */
export async function startServer(
  attemptsDir: string,
  cgroups: 'auto' | 'off',
  wrapper: readonly string[] = [],
): Promise<KillableServer> {
  const script = join(import.meta.dirname, 'server-process.ts');
  const unknown = Array.from({ length: 38 }, (_, index): 'ignore' | 'pipe' => (index === 37 ? 'pipe' : 'ignore'));
  const own = [process.execPath, '--conditions=source', script, attemptsDir, cgroups];
  const [command = process.execPath, ...args] = [...wrapper, ...own];
  const child: ChildProcess = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'inherit', ...unknown],
  });
  const news: { kind: string; attemptId?: string; launcherPid?: number }[] = [];
  if (!child.stdin || !child.stdout) throw new Error('the server has no pipes');
  const { stdin, stdout } = child;
  createInterface({ input: stdout }).on('line', (line) => news.push(JSON.parse(line)));
  const opened = await until('server opened', () => news.find(({ kind }) => kind === 'opened') ?? null);
  const { launcherPid = 0 } = opened;

  return {
    launcherPid,
    handOver: (order) => void stdin.write(`${JSON.stringify(order)}\n`),
    async told(attemptId, kind) {
      await until(`${kind} of ${attemptId}`, () =>
        news.some((one) => one.attemptId === attemptId && one.kind === kind),
      );
    },
    async kill(launcherToo) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      if (launcherToo) process.kill(launcherPid, 'SIGKILL');
      await ended;
    },
  };
}

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** One daemon of a cluster, in the foreground and a child of this process: it dies with it. */
export interface Daemon {
  readonly name: string;
  pid(): number | null;
  start(): void;
  /** Ends it by the signal and waits until it is gone; SIGKILL follows where it takes longer than 10 s. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

const LONGEST_END_MS = 10_000;

/**
 * @param logDirectory takes its output, as `NAME.log`
 * @param user becomes it; root where absent
 */
export function createDaemon(
  name: string,
  logDirectory: string,
  command: readonly string[],
  environment: Record<string, string>,
  user?: string,
): Daemon {
  let child: ChildProcess | null = null;
  let gone: Promise<void> = Promise.resolve();
  const identity = user === undefined ? [] : [`--reuid=${user}`, `--regid=${user}`, '--init-groups'];

  return {
    name,
    pid: () => child?.pid ?? null,

    start() {
      if (child) return;
      const log = openSync(join(logDirectory, `${name}.log`), 'a');
      try {
        const own = spawn('setpriv', [...identity, '--pdeathsig=KILL', ...command], {
          stdio: ['ignore', log, log],
          env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...environment },
          cwd: '/',
          detached: true,
        });
        child = own;
        gone = new Promise((resolve) => {
          const over = () => {
            if (child === own) child = null;
            resolve();
          };
          own.once('exit', over);
          own.once('error', over);
        });
      } finally {
        closeSync(log);
      }
    },

    async kill(signal) {
      const own = child;
      if (!own) return;
      own.kill(signal);
      const abort = new AbortController();
      const late = delay(LONGEST_END_MS, undefined, { signal: abort.signal }).then(
        () => void own.kill('SIGKILL'),
        () => undefined,
      );
      await Promise.race([gone, late]);
      await gone;
      abort.abort();
    },
  };
}

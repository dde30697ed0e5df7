import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { isOutOfSpace } from '../record/error-code.ts';
import { listInheritedDescriptors } from './processes/inherited-descriptors.ts';

export interface LauncherOptions {
  attemptsDir: string;
  pidNamespace: string;
  /** What drivers get of the server's environment. */
  environment: Record<string, string>;
  /** Runs the scripts; any POSIX shell. */
  shell: string;
  /** The launcher had died and another stands in for it: what it had not begun is to be launched again. */
  onReplaced(): void;
  warn(message: string, cause?: unknown): void;
}

/** Starts supervisors by way of one small shell, which is made while this process is small. */
export interface Launcher {
  /** Pid of the shell; null while there is none. */
  pid(): number | null;
  /** Hands an attempt over: one short line, so that its id must hold no newline. Whether it was begun shows in its record. */
  launch(attemptId: string): void;
  /** Lets the shell carry out what it has, and end. */
  close(): Promise<void>;
}

/** A launcher that lived for less is followed by another only after as long. */
const SHORT_LIFE_MS = 1000;

export function startLauncher(options: LauncherOptions): Launcher {
  let child: ChildProcess | null = null;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  function start(): void {
    timer = null;
    const startedAt = performance.now();
    const own = spawnLauncher(options);
    child = own;
    let gone = false;
    const replace = (cause: unknown) => {
      if (gone) return;
      gone = true;
      child = null;
      if (closed) return;
      options.warn('the launcher of drivers ended and is replaced', cause);
      const waitMs = performance.now() - startedAt < SHORT_LIFE_MS ? SHORT_LIFE_MS : 0;
      timer = setTimeout(() => {
        start();
        options.onReplaced();
      }, waitMs);
    };
    own.once('error', replace);
    own.once('exit', (code, signal) => replace(`exit code ${code}, signal ${signal}`));
    // A line that did not get through is launched again with the next launcher.
    own.stdin?.on('error', replace);
  }

  start();
  return {
    pid: () => child?.pid ?? null,

    launch(attemptId) {
      child?.stdin?.write(`${attemptId}\n`);
    },

    async close() {
      closed = true;
      if (timer) clearTimeout(timer);
      if (!child) return;
      const ended = once(child, 'close');
      child.stdin?.end();
      await ended;
    },
  };
}

function spawnLauncher({ attemptsDir, pidNamespace, environment, shell }: LauncherOptions): ChildProcess {
  const script = (name: string) => join(import.meta.dirname, name);
  const nowhere = openSync('/dev/null', 'r+');
  const output = openOutput(join(attemptsDir, '.launcher.log'));
  try {
    return spawn(shell, [script('launcher.sh'), shell, script('supervisor.sh'), attemptsDir, pidNamespace], {
      cwd: '/',
      env: environment,
      stdio: ['pipe', output, output, ...descriptorsBeyond(nowhere)],
      // A session of its own: Ctrl-C at the server's terminal is not meant for it.
      detached: true,
    });
  } finally {
    closeSync(output);
    closeSync(nowhere);
  }
}

/** A file and not a pipe of ours, which supervisors would hold open after us. On a full disk their complaints are lost. */
function openOutput(path: string): number {
  try {
    return openSync(path, 'w', 0o600);
  } catch (error) {
    if (!isOutOfSpace(error)) throw error;
    return openSync('/dev/null', 'r+');
  }
}

/** A shell cannot close a descriptor of two digits. */
const MOST_DESCRIPTORS = 1024;

/**
 * The launcher's descriptors from 3 on. Those that whoever started this server left open would reach every driver, and
 * keep (a pipe, say) open as long as it runs; they lead nowhere instead.
 */
function descriptorsBeyond(nowhere: number): ('ignore' | number)[] {
  const inherited = listInheritedDescriptors().filter((descriptor) => descriptor < MOST_DESCRIPTORS);
  const count = Math.max(3, ...inherited.map((descriptor) => descriptor + 1));
  return Array.from({ length: count - 3 }, (_, index) => (inherited.includes(index + 3) ? nowhere : 'ignore'));
}

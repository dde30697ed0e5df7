import { type ChildProcess, spawn } from 'node:child_process';
import { hasCode } from '../../errors/system-error.ts';

export interface Command {
  program: string;
  args: readonly string[];
  directory: string;
  /** The whole environment. */
  variables: Readonly<Record<string, string>>;
}

/** Who takes what a program writes. */
export interface CommandOutput {
  stdout: (bytes: Buffer) => void;
  stderr: (bytes: Buffer) => void;
}

export type CommandEnd = { exitCode: number; signal: null } | { exitCode: null; signal: NodeJS.Signals };

/**
 * Becomes the program, and leaves one process beside it in its group that reads from descriptor 3 until the server is gone, then kills them
 * all: a silent program would notice nothing, and one that hangs would stay for ever. It lets SIGTERM pass, since the
 * server may die in the time between that and SIGKILL.
 */
const GUARDED = `
{ trap '' TERM; read -r end; kill -KILL 0; } <&3 >/dev/null 2>&1 &
exec "$@" 3<&-
`;

/** How long output that is still on its way may take after the program has ended. */
const DRAIN_MS = 1_000;

/**
 * Runs a program in a session of its own, and takes its output. When `signal` aborts, the whole process group gets SIGTERM, and
 * SIGKILL after `killGraceMs`; what a program leaves behind in its group is killed when it ends. Should the server be killed,
 * the group is too. A program that cannot be started ends with 126 or 127, as in a shell.
 *
 * @throws the signal's reason, once the program is gone; a system error where no process could be started
 */
export async function runCommand(
  command: Command,
  output: CommandOutput,
  { signal, killGraceMs }: { signal: AbortSignal; killGraceMs: number },
): Promise<CommandEnd> {
  signal.throwIfAborted();
  const child = spawn('/bin/sh', ['-c', GUARDED, 'sh', command.program, ...command.args], {
    cwd: command.directory,
    env: { ...command.variables },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  child.stdout?.on('data', output.stdout);
  child.stderr?.on('data', output.stderr);

  let killTimer: NodeJS.Timeout | undefined;
  const terminate = () => {
    killGroup(child, 'SIGTERM');
    killTimer = setTimeout(() => killGroup(child, 'SIGKILL'), killGraceMs);
  };
  signal.addEventListener('abort', terminate, { once: true });
  // Listened for from the start: where the output ended first, `close` comes in the same breath as `exit`.
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  try {
    const end = await waitForEnd(child);
    killGroup(child, 'SIGKILL');
    await waitForOutput(child, closed);
    signal.throwIfAborted();
    return end;
  } finally {
    clearTimeout(killTimer);
    signal.removeEventListener('abort', terminate);
  }
}

function waitForEnd(child: ChildProcess): Promise<CommandEnd> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exitCode, signal) => {
      if (exitCode !== null) resolve({ exitCode, signal: null });
      else if (signal !== null) resolve({ exitCode, signal });
      else reject(new Error('a program ended with neither exit code nor signal'));
    });
  });
}

/** A process that has left the group may hold the pipes open for ever: it is not waited for. */
async function waitForOutput(child: ChildProcess, closed: Promise<void>): Promise<void> {
  const timer = setTimeout(() => {
    for (const stream of child.stdio) stream?.destroy();
  }, DRAIN_MS);
  await closed;
  clearTimeout(timer);
}

/** No such group: it has ended. Not permitted: what is left of it changed its user, and is beyond our reach. */
function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (!hasCode(error, 'ESRCH', 'EPERM')) throw error;
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const DROVER = fileURLToPath(new URL('../../bin/drover', import.meta.url));

export interface RunningServer {
  url: string;
  pid: number;
  dataDir: string;
  /** Everything the server wrote to its log. */
  log(): string;
  /** SIGKILL, as a crash would. */
  kill(): Promise<void>;
  /** SIGTERM, as an operator would; resolves with the exit code. */
  stop(): Promise<number | null>;
  process: ChildProcess;
}

/**
 * Starts `drover serve` as a user would, and resolves when it has said that it listens.
 *
 * @param stderr a file descriptor for its log, instead of what `log` and `process.stderr` read
 */
export async function startServer(
  dataDir: string,
  args: string[] = [],
  env: NodeJS.ProcessEnv = {},
  stderr: 'pipe' | number = 'pipe',
): Promise<RunningServer> {
  const child = spawn(DROVER, ['serve', '--port', '0', '--data-dir', dataDir, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', stderr],
  });
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const exited = once(child, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const match = /^drover listening on (http:\/\/\S+)$/m.exec(output);
      if (match?.[1] !== undefined) resolve(match[1]);
    });
    exited.then(() => reject(new Error(`drover serve ended before it listened:\n${output}${log}`)), reject);
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('drover serve has no pid');
  return {
    url,
    pid,
    dataDir,
    process: child,
    log: () => log,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      child.kill('SIGTERM');
      await exited;
      return child.exitCode;
    },
  };
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const DROVER = fileURLToPath(new URL('../../packages/server/bin/drover', import.meta.url));

export interface Drover {
  url: string;
  port: number;
  pid: number;
  /** From the start of the process to the readiness line. */
  startedInMs: number;
  stop(): Promise<void>;
}

/** A directory for one run, on the disk that temporary files lie on. */
export function scratchDirectory(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'drover-bench-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Starts the built server as a user would. @param variables beyond those of this process */
export async function startDrover(
  dataDir: string,
  args: readonly string[] = [],
  variables: Record<string, string> = {},
): Promise<Drover> {
  const begin = performance.now();
  const child = spawn(DROVER, ['serve', '--port', '0', '--data-dir', dataDir, '--log-level', 'warn', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...variables },
  });
  const url = await readinessUrl(child);
  const startedInMs = performance.now() - begin;
  const { pid } = child;
  if (pid === undefined) throw new Error('drover serve has no pid');
  return {
    url,
    port: Number(new URL(url).port),
    pid,
    startedInMs,
    async stop() {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function readinessUrl(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('no stdout');
  for await (const line of createInterface({ input: child.stdout })) {
    const match = /^drover listening on (http:\S+)$/.exec(line);
    if (match?.[1] !== undefined) return match[1];
  }
  throw new Error('drover serve ended before it listened');
}

/** Resident memory of a process, in MiB. */
export function residentMiB(pid: number): number {
  return kibOf(`/proc/${pid}/status`, 'VmRSS') / 1024;
}

/** Proportional and resident memory of a process, in MiB. */
export function memoryMiB(pid: number): { pss: number; rss: number } {
  const file = `/proc/${pid}/smaps_rollup`;
  return { pss: kibOf(file, 'Pss') / 1024, rss: kibOf(file, 'Rss') / 1024 };
}

/** Processor time that a process has taken until now, in seconds. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // Behind the name, which may hold anything: utime and stime are the 12th and 13th field, in hundredths of a second.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function kibOf(file: string, field: string): number {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'));
  if (match?.[1] === undefined) throw new Error(`${file} has no ${field}`);
  return Number(match[1]);
}

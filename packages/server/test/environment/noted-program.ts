import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A program that plays another one, and notes in its folder what it is asked to do. */
export interface NotedProgram {
  path: string;
  /** What was called, a line each; and processes that hang, as `pid N`. */
  calls(): Promise<string[]>;
  /** Processes of installations that hang. */
  pids(): Promise<number[]>;
  /** Lets those go on that wait for it. */
  openGate(): Promise<void>;
}

/** @param home where it lies and notes what is called, in `calls`; made where it is missing. The gate is the file `gate`. */
export async function placeProgram(home: string, name: string, text: string): Promise<NotedProgram> {
  await mkdir(home, { recursive: true });
  const path = join(home, name);
  await writeFile(path, text);
  await chmod(path, 0o755);
  await writeFile(join(home, 'calls'), '');
  const calls = async () => (await readFile(join(home, 'calls'), 'utf8')).split('\n').filter((line) => line !== '');
  return {
    path,
    calls,
    async pids() {
      return (await calls()).filter((line) => line.startsWith('pid ')).map((line) => Number(line.slice(4)));
    },
    openGate: () => writeFile(join(home, 'gate'), ''),
  };
}

/** Whether a process runs; one that has ended and was not yet waited for does not. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8');
    return !status.slice(status.lastIndexOf(')')).startsWith(') Z');
  } catch {
    return false;
  }
}

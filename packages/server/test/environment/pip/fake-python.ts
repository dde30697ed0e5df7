import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InterpreterSearch } from '../../../src/environment/interpreter.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

/** A program that plays Python, venv and pip; the first requirement says how its installation goes. */
export interface FakePython {
  search: InterpreterSearch;
  path: string;
  /** What was called, a line each: `venv`, `install REQUIREMENTS`, `check`, and pids as `pid N`. */
  calls(): Promise<string[]>;
  /** Processes of installations that hang. */
  pids(): Promise<number[]>;
  /** Lets installations of `gated…` and `unwilling…` go on. */
  openGate(): Promise<void>;
  /** The environment that the last installation ran with. */
  lastVariables(): Promise<Record<string, string>>;
}

/** Whatever waits here ends with the test that made it, however that test ends: its folder is gone then. */
const PROGRAM = `
linger() { while [ -e "$home/calls" ]; do sleep 0.05; done; }
wait_for_gate() { until [ -e "$home/gate" ] || [ ! -e "$home/calls" ]; do sleep 0.02; done; }
case "$*" in
  '-m venv '*) echo venv >>"$home/calls"; mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  *' install '*)
    for file in "$@"; do :; done
    requirements=$file
    if [ -e "$file" ]; then requirements=$(cat "$file"); fi
    env -0 >"$home/variables"
    echo "install $requirements" >>"$home/calls"
    case $requirements in
      broken*)
        n=1; while [ $n -le 30 ]; do echo "line $n"; n=$((n + 1)); done
        exit 7 ;;
      unreachable*)
        for package in six tomli; do
          for left in 4 3 2 1 0; do
            echo "WARNING: Retrying (Retry(total=$left, connect=None)) after connection broken by 'refused $left': /$package/" >&2
          done
        done
        echo 'ERROR: No matching distribution found for six' >&2
        exit 1 ;;
      slow*) linger & echo "pid $$" >>"$home/calls"; echo "pid $!" >>"$home/calls"; echo Collecting slow; wait ;;
      stubborn*)
        trap '' TERM
        linger & echo "pid $$" >>"$home/calls"; echo "pid $!" >>"$home/calls"; wait ;;
      unwilling*) trap '' TERM; wait_for_gate ;;
      leaving*) linger & echo "pid $!" >>"$home/calls" ;;
      escaping*)
        setsid sh -c "echo pid \\$\\$ >>$home/calls; while [ -e $home/calls ]; do sleep 0.05; done" &
        until grep -q pid "$home/calls"; do sleep 0.02; done ;;
      gated*) wait_for_gate ;;
    esac ;;
  *' check') echo check >>"$home/calls" ;;
esac
`;

export async function fakePython(): Promise<FakePython> {
  const home = await temporaryDirectory();
  const path = join(home, 'python');
  await writeFile(path, `#!/bin/sh\nhome=${home}\n${PROGRAM}`);
  await chmod(path, 0o755);
  await writeFile(join(home, 'calls'), '');
  const calls = async () => (await readFile(join(home, 'calls'), 'utf8')).split('\n').filter((line) => line !== '');
  return {
    search: { found: true, interpreter: { path, version: '3.11.7', pipName: 'pip3.11' } },
    path,
    calls,
    async pids() {
      return (await calls()).filter((line) => line.startsWith('pid ')).map((line) => Number(line.slice(4)));
    },
    openGate: () => writeFile(join(home, 'gate'), ''),
    async lastVariables() {
      const entries = (await readFile(join(home, 'variables'), 'utf8')).split('\0').filter((entry) => entry !== '');
      return Object.fromEntries(entries.map((entry) => [entry.split('=')[0], entry.slice(entry.indexOf('=') + 1)]));
    },
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

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InterpreterSearch } from '../../../src/environment/interpreter.ts';
import { type NotedProgram, placeProgram } from '../noted-program.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

/**
 * A program that plays Python, venv and pip; the first requirement says how its installation goes. Its calls are `venv`,
 * `install REQUIREMENTS` and `check`; installations of `gated…` and `unwilling…` wait for the gate.
 */
export interface FakePython extends NotedProgram {
  search: InterpreterSearch;
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
  const program = await placeProgram(home, 'python', `#!/bin/sh\nhome=${home}\n${PROGRAM}`);
  return {
    ...program,
    search: { found: true, interpreter: { path: program.path, version: '3.11.7', pipName: 'pip3.11' } },
    async lastVariables() {
      const entries = (await readFile(join(home, 'variables'), 'utf8')).split('\0').filter((entry) => entry !== '');
      return Object.fromEntries(entries.map((entry) => [entry.split('=')[0], entry.slice(entry.indexOf('=') + 1)]));
    },
  };
}

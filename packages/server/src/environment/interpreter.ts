import { execFile } from 'node:child_process';

/** The Python that environments are made with. */
export interface Interpreter {
  /** Absolute, as the interpreter itself gives it. */
  path: string;
  /** Such as `3.11.7`. */
  version: string;
  /** What its pip is called: `pip3.11`. */
  pipName: string;
}

export type InterpreterSearch = { found: true; interpreter: Interpreter } | { found: false; reason: string };

const ANSWER_TIMEOUT_MS = 20_000;

const QUESTION = 'import sys; print(sys.executable); print(".".join(map(str, sys.version_info[:3])))';

/**
 * Asks the configured Python what it is; once, at start.
 *
 * @param python a path, or a name that is looked up in the `PATH` of `variables`
 * @param variables what the interpreter is run with
 */
export function findInterpreter(
  python: string,
  variables: Readonly<Record<string, string>>,
): Promise<InterpreterSearch> {
  return new Promise((resolve) => {
    // Isolated (-I), so that no module in the current directory is run.
    const options = { env: { ...variables }, timeout: ANSWER_TIMEOUT_MS, killSignal: 'SIGKILL' as const };
    execFile(python, ['-I', '-c', QUESTION], options, (error, stdout, stderr) => {
      resolve(error === null ? readAnswer(python, stdout) : { found: false, reason: explain(python, error, stderr) });
    });
  });
}

function readAnswer(python: string, stdout: string): InterpreterSearch {
  const [path, version] = stdout.split('\n');
  const numbers = /^(\d+)\.(\d+)\.\d+$/.exec(version ?? '');
  if (path === undefined || !path.startsWith('/') || numbers === null || version === undefined) {
    return { found: false, reason: `'${python}' does not answer as Python does` };
  }
  return { found: true, interpreter: { path, version, pipName: `pip${numbers[1]}.${numbers[2]}` } };
}

function explain(python: string, error: Error & { code?: unknown; killed?: boolean }, stderr: string): string {
  if (error.code === 'ENOENT') return `there is no program '${python}'`;
  if (error.code === 'EACCES') return `'${python}' cannot be executed`;
  if (error.killed === true) return `'${python}' did not tell its version within ${ANSWER_TIMEOUT_MS / 1000} s`;
  const lastLine = stderr.trim().split('\n').at(-1) ?? '';
  return `'${python}' could not tell its version: ${lastLine === '' ? error.message : lastLine}`;
}

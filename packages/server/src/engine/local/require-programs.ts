import { spawnSync } from 'node:child_process';

/** The start of every driver in small: a shell that starts another in a session of its own. */
const TRIAL = 'command -v setsid >/dev/null || exit 3; exec setsid -f -w "$1" -c :';
const NO_SETSID = 3;

/**
 * Checks that the programs are there without which no driver could be started. Throws a sentence for the operator otherwise.
 *
 * @param shell runs the launcher and supervisors
 * @param environment of the launcher: its PATH counts
 */
export function requirePrograms(shell: string, environment: Readonly<Record<string, string>>): void {
  // An entrypoint is run by /bin/sh, whatever runs the supervisors.
  for (const program of new Set([shell, '/bin/sh'])) {
    const { error, status, signal, stderr } = spawnSync(program, ['-c', TRIAL, 'sh', program], {
      cwd: '/',
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (error)
      throw new Error(`no driver can be started: ${program} cannot be run (${error.message})`, { cause: error });
    if (status === NO_SETSID) {
      throw new Error(`no driver can be started: there is no setsid(1), which is part of util-linux, in PATH`);
    }
    if (status !== 0) {
      const said = stderr.toString().trim() || `exit code ${status}, signal ${signal}`;
      throw new Error(`no driver can be started: setsid(1) of util-linux does not do what is needed (${said})`);
    }
  }
}

import { UsageError } from '../usage-error.ts';
import { readEnvFile } from './env-file.ts';

/**
 * The job's variables from `--env-file` and `--env`, of which the latter win. `--env K` takes the caller's own value.
 *
 * @throws {UsageError} for a variable that the caller does not have, and a file that cannot be read or understood.
 */
export function jobVariables(
  given: { env: readonly string[]; envFile: readonly string[] },
  callers: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const path of given.envFile) Object.assign(variables, readEnvFile(path, callers));
  for (const assignment of given.env) {
    const at = assignment.indexOf('=');
    const name = at < 0 ? assignment : assignment.slice(0, at);
    const value = at < 0 ? callers[name] : assignment.slice(at + 1);
    if (name === '') throw new UsageError(`--env '${assignment}' names no variable: it must look like KEY=VALUE`);
    if (value === undefined) throw new UsageError(`--env ${name} takes your own value of ${name}, which is not set`);
    variables[name] = value;
  }
  return variables;
}

import type { JsonObject, JsonValue } from '../job/job.ts';
import { isJsonObject } from './plan/checked.ts';

/** `runtime_env` as `/api/jobs` shows it: three strings, always all there, `""` for what was not asked for. */
export interface EnvironmentStrings {
  /** JSON text of the variables, names sorted. */
  envVars: string;
  /** The install command, for people: `pip3.11 install numpy==1.24 && pip3.11 check`. Requirements as given, not quoted for a shell. */
  pip: string;
  /** As given. */
  working_dir: string;
}

/**
 * Says what was asked for, for jobs of every door: parts that are not in the form that `/api/jobs` takes are `""`.
 *
 * @param pipName what pip of the configured interpreter is called, `pip3.11`; see `Interpreter`.
 */
export function describeEnvironment(runtimeEnv: JsonObject, pipName: string): EnvironmentStrings {
  const { env_vars: variables, pip, working_dir: workingDir } = runtimeEnv;
  return {
    envVars: describeVariables(variables),
    pip: describePip(pip, pipName),
    working_dir: typeof workingDir === 'string' ? workingDir : '',
  };
}

function describeVariables(variables: JsonValue | undefined): string {
  if (!isJsonObject(variables)) return '';
  const names = Object.keys(variables).sort();
  if (names.length === 0) return '';
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, variables[name]])));
}

function describePip(pip: JsonValue | undefined, pipName: string): string {
  const packages = isJsonObject(pip) ? pip.packages : pip;
  const requirements = Array.isArray(packages) ? packages.filter((item) => typeof item === 'string') : [];
  if (requirements.length === 0) return '';
  const install = `${pipName} install ${requirements.map((text) => text.trim()).join(' ')}`;
  return isJsonObject(pip) && pip.pip_check !== true ? install : `${install} && ${pipName} check`;
}

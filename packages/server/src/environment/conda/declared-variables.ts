import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, reasonOf } from '../../errors/system-error.ts';
import type { JsonValue } from '../../job/job.ts';
import { EnvironmentFailure } from '../environment.ts';
import { isJsonObject } from '../plan/checked.ts';
import { isVariableName } from '../plan/env-vars.ts';

/** What conda writes in the place of a variable that was taken back. */
const UNSET = '***unset***';

/**
 * The variables that an environment declares in files: first those of its packages (`etc/conda/env_vars.d`), in the order of their
 * names, then its own (`variables` of an `environment.yml`, which conda keeps in `conda-meta/state`).
 *
 * @throws {EnvironmentFailure} for a file that is no JSON
 */
export async function readDeclaredVariables(prefix: string): Promise<Record<string, string>> {
  const ofPackages = join(prefix, 'etc', 'conda', 'env_vars.d');
  const files = (await listNames(ofPackages)).map((name) => join(ofPackages, name));
  const declared: Record<string, string> = {};
  for (const file of files) Object.assign(declared, variablesOf(await readJson(file)));
  const state = await readJson(join(prefix, 'conda-meta', 'state'));
  return Object.assign(declared, variablesOf(isJsonObject(state) ? state.env_vars : undefined));
}

/** Names in a folder, in order; none where there is no folder. */
export async function listNames(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}

function variablesOf(value: JsonValue | undefined): Record<string, string> {
  if (!isJsonObject(value)) return {};
  const entries = Object.entries(value).filter(
    (entry): entry is [string, string] =>
      isVariableName(entry[0]) && typeof entry[1] === 'string' && entry[1] !== UNSET,
  );
  return Object.fromEntries(entries);
}

async function readJson(file: string): Promise<JsonValue | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw new EnvironmentFailure(`${file} of the conda environment cannot be read: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

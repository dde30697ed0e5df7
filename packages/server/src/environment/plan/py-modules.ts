import type { JsonValue } from '../../job/job.ts';
import type { PyModuleSource } from '../environment.ts';
import { accept, type Checked, isAbsent, nameType, refuse } from './checked.ts';
import { checkSource } from './source.ts';

/** Bounds the folders that one attempt makes. */
const MAX_MODULES = 100;

/** Reads `py_modules`: a list of directories and archives, as in `working_dir`. Absent is none. */
export function checkPyModules(value: JsonValue | undefined): Checked<readonly PyModuleSource[]> {
  if (isAbsent(value)) return accept([]);
  if (!Array.isArray(value)) return refuse(`must be an array of directories and archives, not ${nameType(value)}`);
  if (value.length > MAX_MODULES) return refuse(`has ${value.length} entries; at most ${MAX_MODULES} are allowed`);
  const sources: PyModuleSource[] = [];
  const messages: string[] = [];
  for (const [index, item] of value.entries()) {
    const checked = typeof item === 'string' ? checkSource(item) : refuse(`must be a string, not ${nameType(item)}`);
    if (checked.ok) sources.push(checked.value);
    else messages.push(...checked.messages.map((message) => `[${index}] ${message}`));
  }
  return messages.length > 0 ? refuse(...messages) : accept(sources);
}

import type { JsonValue } from '../../job/job.ts';
import type { WorkingDirectorySource } from '../environment.ts';
import { accept, type Checked, isAbsent, nameType, refuse } from './checked.ts';
import { checkSource } from './source.ts';

/** Reads `working_dir`. Absent and `""` are none. */
export function checkWorkingDir(value: JsonValue | undefined): Checked<WorkingDirectorySource> {
  if (isAbsent(value) || value === '') return accept({ kind: 'none' });
  return typeof value === 'string' ? checkSource(value) : refuse(`must be a string, not ${nameType(value)}`);
}

import type { JsonValue } from '../../job/job.ts';
import { accept, type Checked, isAbsent, isJsonObject, nameType, refuse } from './checked.ts';

/** The longest a timer of Node can be set to, 24.8 days. Stands for "no limit". */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** Fields of `config` that this server knows. It always makes an environment before the driver starts: `eager_install` changes nothing. */
export const CONFIG_FIELDS: ReadonlySet<string> = new Set(['setup_timeout_seconds', 'eager_install']);

/** Reads `config.setup_timeout_seconds` as Ray defines it: seconds above 0, or -1 for no limit. */
export function checkSetupTimeout(config: JsonValue | undefined, defaultMs: number): Checked<number> {
  if (isAbsent(config)) return accept(Math.min(defaultMs, LONGEST_TIMEOUT_MS));
  if (!isJsonObject(config)) return refuse(`must be an object, not ${nameType(config)}`);
  const seconds = config.setup_timeout_seconds;
  if (isAbsent(seconds)) return accept(Math.min(defaultMs, LONGEST_TIMEOUT_MS));
  if (seconds === -1) return accept(LONGEST_TIMEOUT_MS);
  if (typeof seconds !== 'number' || !(seconds > 0)) {
    const given = typeof seconds === 'number' ? String(seconds) : nameType(seconds);
    return refuse(`has ${given} as setup_timeout_seconds: it must be a number above 0, or -1 for no limit`);
  }
  return accept(Math.min(Math.ceil(seconds * 1000), LONGEST_TIMEOUT_MS));
}

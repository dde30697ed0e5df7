import { createHash } from 'node:crypto';
import type { PipPlan } from '../environment.ts';
import type { Interpreter } from '../interpreter.ts';

/** Everything that makes one installed set differ from another. */
export interface EnvironmentKeyParts {
  /** A requirement may run code as it is installed, and its owner can change what is installed: shared within a tenant, never beyond. */
  tenant: string;
  interpreter: Interpreter;
  /** Such as `linux-x64`. */
  platform: string;
  /** Number of the user that builds and runs it. */
  userId: number;
  /** Requirements in the order given: pip reads them in order. */
  plan: PipPlan;
  /** pip's options of the server's, see `pickIndexOptions`. */
  indexOptions: Readonly<Record<string, string>>;
}

const KEY_LENGTH = 32;

/** Matches a key, and nothing else that lies in the cache. */
export const KEY_PATTERN: RegExp = new RegExp(`^[0-9a-f]{${KEY_LENGTH}}$`);

/** The name of a set in the cache. 128 bits of a SHA-256: short, since it becomes part of every script's first line. */
export function environmentKey(parts: EnvironmentKeyParts): string {
  const { tenant, interpreter, platform, userId, plan, indexOptions } = parts;
  const options = Object.entries(indexOptions).sort(([a], [b]) => (a < b ? -1 : 1));
  const { path, version } = interpreter;
  const wish = [plan.requirements, plan.check, plan.pipVersion];
  const text = JSON.stringify([tenant, path, version, platform, userId, wish, options]);
  return createHash('sha256').update(text).digest('hex').slice(0, KEY_LENGTH);
}

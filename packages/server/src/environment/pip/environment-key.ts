import { cacheKey, sortedEntries } from '../cache/cache-key.ts';
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

/** The name of a set in the cache. */
export function environmentKey(parts: EnvironmentKeyParts): string {
  const { tenant, interpreter, platform, userId, plan, indexOptions } = parts;
  const { path, version } = interpreter;
  const wish = [plan.requirements, plan.check, plan.pipVersion];
  return cacheKey([tenant, path, version, platform, userId, wish, sortedEntries(indexOptions)]);
}

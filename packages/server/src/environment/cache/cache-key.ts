import { createHash } from 'node:crypto';

const KEY_LENGTH = 32;

/** Matches a key, and nothing else that lies in the cache. */
export const KEY_PATTERN: RegExp = new RegExp(`^[0-9a-f]{${KEY_LENGTH}}$`);

/**
 * The name of an environment in the cache. 128 bits of a SHA-256: short, since it becomes part of every script's first line.
 *
 * @param parts everything that makes one environment differ from another, as JSON can write it
 */
export function cacheKey(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, KEY_LENGTH);
}

/** Variables as a part of a key: their order is of no consequence. */
export function sortedEntries(variables: Readonly<Record<string, string>>): [name: string, value: string][] {
  return Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1));
}

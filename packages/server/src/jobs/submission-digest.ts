import { createHash } from 'node:crypto';
import type { Submission } from './service.ts';

/** The same for two submissions that ask for the same, whatever the order of their fields and the trace they belong to. SHA-256, hexadecimal. */
export function submissionDigest({ traceParent: _, ...submission }: Submission): string {
  return createHash('sha256').update(canonicalJson(submission)).digest('hex');
}

/** JSON with the fields of every object in the order of their names. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) => (isPlainObject(part) ? sorted(part) : part));
}

function sorted(object: Record<string, unknown>): Record<string, unknown> {
  // fromEntries, since an assignment to the key __proto__ would be lost.
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

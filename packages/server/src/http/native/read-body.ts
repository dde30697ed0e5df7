import { z } from 'zod';
import { droverError } from '../../errors/drover-error.ts';

/** Reads a body by its schema. @throws `INVALID_BODY` naming every field that is wrong, unknown ones included. */
export function readBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw droverError('INVALID_BODY', { detail: decisive(result.error.issues).map(describeIssue).join('; ') });
}

/** Of bounds of a field that a value lies beyond the last one: it was set upon those before it, and is the narrowest. */
function decisive(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  return [...new Map(issues.map((issue) => [`${issue.code} ${z.core.toDotPath(issue.path)}`, issue])).values()];
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const at = z.core.toDotPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => (at === '' ? key : `${at}.${key}`));
    return `unknown field${names.length > 1 ? 's' : ''}: ${names.join(', ')}`;
  }
  return `${at === '' ? 'body' : at}: ${issue.message}`;
}

import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Job } from '../../job/job.ts';
import type { Parameter } from '../openapi/operation.ts';

export const etagHeader: Parameter = {
  schema: z.string().regex(/^"[!#-~]+"$/),
  description: 'Strong: the same tag means the same bytes.',
  isRequired: true,
};

export const ifNoneMatchHeader: Parameter = {
  schema: z.string(),
  description: '`ETag` of what the client has: 304 where it has not changed.',
};

/**
 * What an `ETag` covers beside the job: the representation and the settings that it depends on. `nodeId` is among them since a new data
 * directory begins to count jobs anew, and a chosen id may come again there.
 */
export function representationTag(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 8);
}

/** Strong: the same tag means the same bytes. */
export function jobEtag(job: Job, representation: string): string {
  return `"${job.seq}.${job.revision}.${representation}"`;
}

/** Whether `If-None-Match` names the tag (weakly compared, as RFC 9110 13.1.2 says) or any. */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

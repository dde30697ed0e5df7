import { z } from 'zod';
import { jobId } from './values.ts';

/** A problem document (RFC 9457). */
export const problem = z
  .strictObject({
    type: z.string().describe('`urn:drover:error:` and the code.'),
    title: z.string().describe('The same for every occurrence.'),
    status: z.int().min(400).max(599),
    detail: z.string().describe('What went wrong here, in words.'),
    code: z.string().describe('Stable: match on it, never on the words.'),
    remedy: z.string().describe('What can be done about it.'),
    similar_ids: z
      .array(jobId)
      .optional()
      .describe('With `JOB_NOT_FOUND`: ids that look like the one that was asked for.'),
    request_id: z.string().describe("Under which the server's log knows the request."),
  })
  .meta({ id: 'Problem', description: 'Why a request was refused or failed (RFC 9457).' });

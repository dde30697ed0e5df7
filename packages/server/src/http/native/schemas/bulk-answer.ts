import { z } from 'zod';
import { jobId, whole } from './values.ts';

export const bulkAnswer = z
  .strictObject({
    dry_run: z.literal(true).exactOptional().describe('Only where nothing was done, and this says what would be.'),
    done: whole.describe('Jobs that were changed.'),
    skipped: whole.describe('Jobs that matched, and had changed when their turn came.'),
    refused: whole.describe('Jobs that cannot be submitted again as they are.'),
    ids: z.array(jobId).max(1000).describe('Of those that are done, newest first; of the new jobs for a retry.'),
    complete: z.boolean().describe('False where the server shut down meanwhile.'),
  })
  .meta({ id: 'BulkAnswer' });

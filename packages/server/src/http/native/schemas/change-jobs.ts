import { z } from 'zod';
import { stopJob } from './stop-job.ts';

/** Body of `POST /api/v1/jobs/delete` and `…/retry`; none at all is one without fields. */
export const changeJobs = z
  .strictObject({ dry_run: z.boolean().optional().describe('Counts, and changes nothing.') })
  .meta({ id: 'BulkRequest' });

/** Body of `POST /api/v1/jobs/stop`. */
export const stopJobs = stopJob.extend(changeJobs.shape).meta({ id: 'BulkStopRequest' });

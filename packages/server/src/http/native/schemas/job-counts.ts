import { z } from 'zod';
import { whole } from './values.ts';

export const jobCounts = z
  .strictObject({
    jobs: z.strictObject({ PENDING: whole, RUNNING: whole, SUCCEEDED: whole, FAILED: whole, STOPPED: whole }),
  })
  .meta({ id: 'JobCounts', description: 'How many jobs there are of each status.' });

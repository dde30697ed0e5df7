import { z } from 'zod';
import { job } from './job.ts';

export const jobPage = z
  .strictObject({
    jobs: z.array(job),
    next_cursor: z.string().nullable().describe('`cursor` of the next page; null on the last.'),
  })
  .meta({ id: 'JobPage' });

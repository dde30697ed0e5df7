import { z } from 'zod';
import { job } from './job.ts';

export const stopAnswer = z
  .strictObject({ stopping: z.boolean().describe('False where the job had ended before.'), job })
  .meta({ id: 'StopAnswer' });

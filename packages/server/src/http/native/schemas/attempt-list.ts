import { z } from 'zod';
import { attempt, end } from './job.ts';
import { time } from './values.ts';

const jobTry = z
  .strictObject({
    number: z.int().min(1).describe('1 for the first.'),
    attempt: attempt.nullable().describe('Null where its environment failed before it was handed over.'),
    started_at: time.nullable(),
    ended_at: time.nullable().describe('Null while it goes on.'),
    end: end.nullable(),
  })
  .meta({ id: 'JobTry', description: 'One try at running a job.' });

export const attemptList = z.strictObject({ attempts: z.array(jobTry) }).meta({ id: 'AttemptList' });

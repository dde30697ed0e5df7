import { z } from 'zod';
import { JOB_STATUSES } from '../../../job/status.ts';

/** A point in time in an answer. */
export const time = z.string().meta({ format: 'date-time', examples: ['2026-11-23T08:00:00.000Z'] });

/** A count, a size or an id: never negative. */
export const whole = z.int().min(0);

/** A length of time; fractions are thousandths. */
export const seconds = z.number().min(0);

export const jobStatus = z
  .enum(JOB_STATUSES)
  .meta({ id: 'JobStatus', description: 'Where a job stands. The last three are final.' });

/** Names and values in answers; those of requests keep more ({@link textMap}). */
export const texts = z.record(z.string(), z.string());

export const jobId = z.string().meta({ examples: ['job-5f0c1b9e-4c0e-4b7c-9d59-1d1f3f0b2a77'] });

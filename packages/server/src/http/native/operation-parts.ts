import { z } from 'zod';
import type { ErrorCode } from '../../errors/catalogue.ts';
import type { Parameter } from '../openapi/operation.ts';

/*
 * Parts of descriptions that several operations share.
 */

/** The path of one job. */
export const jobIdPath = {
  id: { schema: z.string().min(1), description: 'Id of the job, as it is: upper and lower case differ.' },
} satisfies Record<string, Parameter>;

/** Of answers with the job of a submit. */
export const locationHeader: Parameter = { schema: z.string(), description: 'Path of the job.', isRequired: true };

/** Of answers with the job of an earlier submit. */
export const replayedHeader: Parameter = {
  schema: z.literal('true'),
  description: 'The job was made by an earlier submit.',
  isRequired: true,
};

/** What every submit can be refused with. */
export const submitErrors = [
  'INVALID_ENVIRONMENT',
  'IDEMPOTENCY_CONFLICT',
  'IDEMPOTENCY_JOB_DELETED',
  'UNSCHEDULABLE',
  'UNKNOWN_QUEUE',
  'UNKNOWN_ENGINE',
  'INVALID_ENGINE_OPTIONS',
  'QUEUE_DRAINING',
  'UNKNOWN_DEPENDENCY',
  'DEPENDENCY_CYCLE',
  'TIME_LIMIT_TOO_LONG',
  'STORAGE_FULL',
] as const satisfies readonly ErrorCode[];

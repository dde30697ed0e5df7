import type { JsonObject } from '../job/job.ts';
import type { SpanAttributes } from './span.ts';

/** How a job, an attempt or the wait for one ended. */
export interface Outcome {
  attributes: SpanAttributes;
  /** Why it has failed; null where it has not. */
  failure: string | null;
}

/** It simply came to its end. */
export const PASSED: Outcome = { attributes: {}, failure: null };

/** @param detail of an event that tells of an end */
export function outcomeOf({ status, code, message, exit_code: exitCode }: JsonObject): Outcome {
  const attributes = {
    'drover.status': String(status),
    'drover.end_code': String(code),
    ...(typeof exitCode === 'number' ? { 'drover.exit_code': exitCode } : {}),
  };
  return { attributes, failure: status === 'FAILED' ? String(message) : null };
}

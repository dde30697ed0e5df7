import type { DroverError } from '../../errors/drover-error.ts';
import type { ErrorAnswer } from '../errors/error-answer.ts';
import { errorHeaders } from '../errors/error-headers.ts';

/** An error as `/api/jobs` gives it: a bare JSON string, with Drover's code in a header beside it. */
export function openYuanrongError(error: DroverError, requestId: string): ErrorAnswer {
  const headers = { ...errorHeaders(error, requestId), 'content-type': 'application/json; charset=utf-8' };
  return { status: statusOf(error), headers: { ...headers, 'x-error-code': error.code }, body: textOf(error) };
}

function statusOf(error: DroverError): number {
  return error.code === 'JOB_EXISTS' ? 400 : error.entry.status;
}

function textOf(error: DroverError): string {
  if (error.code === 'JOB_EXISTS') {
    return JSON.stringify(`submit job has already exist, submissionId: ${error.details.id}`);
  }
  return JSON.stringify(error.message);
}

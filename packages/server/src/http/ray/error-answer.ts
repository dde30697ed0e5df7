import type { DroverError } from '../../errors/drover-error.ts';
import type { ErrorAnswer } from '../errors/error-answer.ts';
import { errorHeaders } from '../errors/error-headers.ts';

/** An error as Ray gives it: plain text that its clients show and match, with Drover's code in a header beside it. */
export function rayError(error: DroverError, requestId: string): ErrorAnswer {
  const { status, body } = wordingOf(error);
  const headers = { ...errorHeaders(error, requestId), 'content-type': 'text/plain; charset=utf-8' };
  return { status, headers: { ...headers, 'x-error-code': error.code }, body };
}

/** Status codes and sentences that clients match (Ray's SDK, its CLI, KubeRay); the rest is the catalogue's. */
function wordingOf(error: DroverError): { status: number; body: string } {
  const { details } = error;
  switch (error.code) {
    case 'JOB_EXISTS':
      // KubeRay takes a 500 with the second sentence for "submitted already".
      return {
        status: 500,
        body: `Job with submission_id ${details.id} already exists. Please use a different submission_id.`,
      };
    case 'JOB_NOT_FOUND':
      return { status: 404, body: `Job ${details.id} does not exist` };
    case 'JOB_NOT_ENDED':
      return {
        status: 500,
        body: `Attempted to delete job '${details.id}', but it is in a non-terminal state ${details.status}.`,
      };
    case 'NOT_FOUND':
      return { status: 404, body: '404: Not Found' };
    case 'METHOD_NOT_ALLOWED':
      return { status: 405, body: details.browser === 'refused' ? error.message : '405: Method Not Allowed' };
    case 'BODY_TOO_LARGE':
    case 'PACKAGE_TOO_LARGE':
      return { status: 413, body: `Maximum request body size ${details.limitBytes} exceeded.` };
    case 'UNAUTHENTICATED':
      return details.verdict === 'wrong'
        ? { status: 403, body: 'Forbidden: Invalid authentication token' }
        : { status: 401, body: 'Unauthorized: Missing authentication token' };
    case 'INTERNAL':
      return { status: 500, body: '500 Internal Server Error\n\nServer got itself in trouble' };
    case 'UNSCHEDULABLE':
      return { status: 400, body: `Job submission refused: ${error.message}` };
    default:
      return { status: error.entry.status, body: error.message };
  }
}

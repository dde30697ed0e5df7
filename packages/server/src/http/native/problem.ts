import type { DroverError } from '../../errors/drover-error.ts';
import type { ErrorAnswer } from '../errors/error-answer.ts';
import { errorHeaders } from '../errors/error-headers.ts';
import type { problem } from './schemas/problem.ts';
import type { Sent } from './schemas/sent.ts';

type Problem = Sent<typeof problem>;

/**
 * An error as a problem document (RFC 9457), with its stable `code` and what the user can do about it.
 *
 * @param extension further members, such as `similar_ids`.
 */
export function problemAnswer(
  error: DroverError,
  requestId: string,
  extension: Pick<Problem, 'similar_ids'> = {},
): ErrorAnswer {
  const { status, title, remedy } = error.entry;
  const document: Problem = {
    type: `urn:drover:error:${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    remedy,
    ...extension,
    request_id: requestId,
  };
  return {
    status,
    headers: { ...errorHeaders(error, requestId), 'content-type': 'application/problem+json; charset=utf-8' },
    body: JSON.stringify(document),
  };
}

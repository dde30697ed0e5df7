import { type DroverError, droverError } from '../../errors/drover-error.ts';
import { problemAnswer } from '../native/problem.ts';
import { openYuanrongError } from '../openyuanrong/error-answer.ts';
import { bindFailure } from '../openyuanrong/texts.ts';
import { rayError } from '../ray/error-answer.ts';
import { isRayPath } from '../ray/ray-path.ts';

/** An error, ready to be sent. */
export interface ErrorAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Puts an error into the form of the dialect that the path belongs to; the native form is that of all other paths. */
export function answerFor(path: string, error: DroverError, requestId: string): ErrorAnswer {
  if (isRayPath(path)) return rayError(error, requestId);
  return isOpenYuanrongPath(path) ? openYuanrongError(error, requestId) : problemAnswer(error, requestId);
}

/** The error for a body that cannot be read, in the words of the path's dialect. */
export function unreadableBody(path: string, detail: string): DroverError {
  return isOpenYuanrongPath(path) ? bindFailure(detail) : droverError('INVALID_BODY', { detail });
}

function isOpenYuanrongPath(path: string): boolean {
  return path === '/api/jobs' || path.startsWith('/api/jobs/');
}

import type { DroverError } from '../../errors/drover-error.ts';
import { problemAnswer } from '../native/problem.ts';
import { openYuanrongError } from '../openyuanrong/error-answer.ts';

/** An error, ready to be sent. */
export interface ErrorAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Puts an error into the form of the dialect that the path belongs to; the native form is that of all other paths. */
export function answerFor(path: string, error: DroverError, requestId: string): ErrorAnswer {
  return isOpenYuanrongPath(path) ? openYuanrongError(error, requestId) : problemAnswer(error, requestId);
}

function isOpenYuanrongPath(path: string): boolean {
  return path === '/api/jobs' || path.startsWith('/api/jobs/');
}

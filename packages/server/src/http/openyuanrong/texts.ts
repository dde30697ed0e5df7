import { DroverError } from '../../errors/drover-error.ts';

/** An unknown id as a GET words it: the text of openYuanrong's page, typing mistakes included. */
export function detailsNotFound(id: string): DroverError {
  const text = `not found app, submissionId: ${id}, err: failed to get appjobInfo, submissionID: ${id}`;
  return new DroverError('JOB_NOT_FOUND', text, { id });
}

/** An unknown id as stop and DELETE word it. */
export function appNotFound(id: string): DroverError {
  return new DroverError('JOB_NOT_FOUND', `the app does not exist, submissionId:[${id}]`, { id });
}

/** A body that is not JSON, or has a field of the wrong type. @param detail the field and what was expected. */
export function bindFailure(detail: string): DroverError {
  return new DroverError('INVALID_BODY', `shouldBind SubmitJob request failed, err: ${detail}`, { detail });
}

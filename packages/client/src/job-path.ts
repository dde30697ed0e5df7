import { DroverApiError } from './errors.ts';

/**
 * Path of one job below the API's base.
 * @throws {DroverApiError} for the texts that are no segment of a path, and would reach another route.
 */
export function jobPath(id: string): string {
  if (id === '' || id === '.' || id === '..') {
    throw new DroverApiError({
      code: 'INVALID_JOB_ID',
      status: 400,
      title: 'The job id is not allowed',
      detail: `job id '${id}' is not allowed: no job can have it`,
      similarIds: [],
    });
  }
  return `/jobs/${encodeURIComponent(id)}`;
}

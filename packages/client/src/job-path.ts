import { namedPath } from './named-path.ts';

/**
 * Path of one job below the API's base.
 * @throws {DroverApiError} `INVALID_JOB_ID`
 */
export function jobPath(id: string): string {
  return namedPath('/jobs', id, {
    code: 'INVALID_JOB_ID',
    status: 400,
    title: 'The job id is not allowed',
    detail: `job id '${id}' is not allowed: no job can have it`,
  });
}

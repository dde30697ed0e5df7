import type { JsonObject } from '../../job/job.ts';
import type { Submission } from '../../jobs/service.ts';
import { readSubmission } from './submission.ts';

/** The submit that the job of a schedule stands for. @throws `INVALID_BODY` where a newer server than this one has taken it */
export function readScheduledJob(job: JsonObject, tenant: string): Submission {
  return readSubmission(job, tenant).submission;
}

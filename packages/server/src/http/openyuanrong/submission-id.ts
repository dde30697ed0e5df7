import { DroverError } from '../../errors/drover-error.ts';

const PREFIX = 'app-';
/** With JavaScript's `$`, which takes no newline before the end. */
const PATTERN = /^[a-z0-9-]{1,64}$/;

/** The job id for a `submission_id` that a client has chosen, in openYuanrong's form. @throws `INVALID_JOB_ID` */
export function jobIdOf(submissionId: string): string {
  if (submissionId.includes('driver')) throw refusal(submissionId, "submission_id should not contain 'driver'");
  const id = submissionId.startsWith(PREFIX) ? submissionId : `${PREFIX}${submissionId}`;
  if (PATTERN.test(id)) return id;
  throw refusal(id, `regular expression validation error, submissionId: ${id}, pattern: ${PATTERN.source}, err: <nil>`);
}

function refusal(id: string, text: string): DroverError {
  return new DroverError('INVALID_JOB_ID', text, { id });
}

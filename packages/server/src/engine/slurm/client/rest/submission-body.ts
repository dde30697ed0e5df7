import type { SlurmSubmission } from '../slurm-client.ts';
import { usesWrappedNumbers } from './api-version.ts';

/** The body of `POST /job/submit` in the shape of a version. */
export function submissionBody(submission: SlurmSubmission, version: string): Record<string, unknown> {
  const isNew = usesWrappedNumbers(version);
  const number = (value: number | null) => (value === null || !isNew ? value : { number: value, set: true });
  const job: Record<string, unknown> = {
    name: submission.name,
    comment: submission.comment,
    current_working_directory: submission.workingDirectory,
    standard_output: submission.outputPath,
    standard_error: submission.outputPath,
    environment: isNew
      ? Object.entries(submission.environment).map(([name, value]) => `${name}=${value}`)
      : submission.environment,
    cpus_per_task: submission.cpus,
    memory_per_node: number(submission.memoryMb),
    time_limit: number(submission.timeLimitMinutes),
    partition: submission.partition,
    account: submission.account,
    qos: submission.qos,
    constraints: submission.constraint,
    reservation: submission.reservation,
    licenses: submission.licenses,
    nice: submission.nice,
    // `"requeue": false` is passed over by the older versions; the newer ones do not know the other.
    ...(isNew ? { requeue: false } : { no_requeue: true }),
    ...gresFields(submission.gres, isNew),
  };
  return {
    job: Object.fromEntries(Object.entries(job).filter(([, value]) => value !== null)),
    script: submission.script,
  };
}

function gresFields(gres: string | null, isNew: boolean): Record<string, string> {
  if (gres === null) return {};
  if (!isNew) return { gres };
  const each = gres.split(',').map((one) => (one.startsWith('gres/') ? one : `gres/${one}`));
  return { tres_per_node: each.join(',') };
}

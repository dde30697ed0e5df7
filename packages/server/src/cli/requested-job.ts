import type { DroverClient } from '@drover/client';
import type { JobSubmission } from '@drover/client/job';
import type { JobOptions } from './arguments/job-options.ts';
import { buildSubmission } from './arguments/submission.ts';
import { workingDirectory } from './arguments/working-directory.ts';
import { uploadWorkingDirectory } from './upload-working-directory.ts';

/**
 * The job that a command line describes, its folder uploaded where that is the caller's.
 *
 * @param usage what is shown where there is nothing to run
 * @throws {UsageError}
 */
export async function requestedJob(
  client: DroverClient,
  words: readonly string[],
  options: JobOptions,
  { isSilent, usage }: { isSilent: boolean; usage?: string },
): Promise<JobSubmission> {
  const folder = workingDirectory(options, process.cwd());
  const submission = buildSubmission(words, options, { env: process.env }, usage);
  if (folder === null) return submission;
  const workingDir =
    folder.kind === 'uri'
      ? folder.uri
      : await uploadWorkingDirectory(client, folder.directory, { excludes: options.exclude ?? [], isSilent });
  return { ...submission, runtime_env: { working_dir: workingDir, ...submission.runtime_env } };
}

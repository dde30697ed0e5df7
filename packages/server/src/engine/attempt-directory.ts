import { join } from 'node:path';

/** The files of one attempt. The directory is made by Drover, never by the supervisor. */
export interface AttemptPaths {
  /** Watched for news of the record: nothing that a driver writes often may lie directly in it. */
  directory: string;
  /** What the supervisor sources to become the driver: entrypoint, variables, directory. */
  order: string;
  /** Lines that the supervisor appends; creating it is the claim. */
  record: string;
  outputDirectory: string;
  /** The driver's stdout and stderr. */
  log: string;
  /** Offset of the first kept byte of a capped log, as decimal text; absent for a whole one. */
  logFirstByte: string;
  /** The unpacked working directory, where the job has one of its own. */
  workingDirectory: string;
}

export function attemptPaths(attemptsDir: string, attemptId: string): AttemptPaths {
  const directory = join(attemptsDir, attemptId);
  const outputDirectory = join(directory, 'output');
  return {
    directory,
    order: join(directory, 'order'),
    record: join(directory, 'record'),
    outputDirectory,
    log: join(outputDirectory, 'log'),
    logFirstByte: join(outputDirectory, 'log-first-byte'),
    workingDirectory: join(directory, 'work'),
  };
}

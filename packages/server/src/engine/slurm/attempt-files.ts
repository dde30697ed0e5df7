import { closeSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { AttemptPaths } from '../attempt-directory.ts';
import type { AttemptOrder } from '../engine.ts';
import { driverVariables } from '../order/driver-environment.ts';
import { writeOrder } from '../order/order-file.ts';
import { type JobRequest, jobRequest } from './job-request.ts';
import { giveFiles, giveTree, type JobUser } from './job-user.ts';
import { READ_ONLY_A_FILE } from './record-file.ts';
import { stopFileOf } from './stop-file.ts';

/** What the batch script itself prints, beside the driver's log. */
export function batchOutputOf({ outputDirectory }: AttemptPaths): string {
  return join(outputDirectory, 'slurm.log');
}

function requestFileOf(directory: string): string {
  return join(directory, 'slurm.json');
}

/**
 * Writes all that a supervisor on a node, and a server to come, need of an attempt. The order is the last: without it no driver starts.
 * Throws what the file system throws.
 */
export async function writeAttemptFiles(
  paths: AttemptPaths,
  order: AttemptOrder,
  request: JobRequest,
  user: JobUser,
): Promise<void> {
  mkdirSync(paths.outputDirectory, { recursive: true, mode: 0o700 });
  const requestFile = requestFileOf(paths.directory);
  writeFileSync(`${requestFile}.new`, JSON.stringify(request), { mode: 0o600 });
  renameSync(`${requestFile}.new`, requestFile);
  const stopFile = stopFileOf(paths.directory);
  writeFileSync(stopFile, '', { mode: 0o644 });
  // Slurm tells drivers itself which devices are theirs.
  writeOrder(paths.order, { ...order, cgroups: [], variables: driverVariables(order, false) });
  giveFiles([paths.order, stopFile, paths.outputDirectory], user);
  if (!relative(paths.directory, order.workingDirectory).startsWith('..')) await giveTree(order.workingDirectory, user);
  giveFiles([paths.directory], user);
}

/** What was written for the attempt. Throws where it is gone or is not whole. */
export function readJobRequest(paths: AttemptPaths): JobRequest {
  const file = openSync(requestFileOf(paths.directory), READ_ONLY_A_FILE);
  try {
    return jobRequest.parse(JSON.parse(readFileSync(file, 'utf8')));
  } finally {
    closeSync(file);
  }
}

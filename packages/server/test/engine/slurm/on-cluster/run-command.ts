import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { SlurmForTests } from './bring-up.ts';

/** Runs one of Slurm's commands as who runs the tests, past Drover. */
export async function runOnCluster(
  { slurmConf }: SlurmForTests,
  program: string,
  args: readonly string[],
): Promise<string> {
  const env = { ...process.env, ...(slurmConf === null ? {} : { SLURM_CONF: slurmConf }) };
  return (await promisify(execFile)(program, args, { env })).stdout;
}

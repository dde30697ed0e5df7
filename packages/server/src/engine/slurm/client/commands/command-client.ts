import { keepsNoAccounting } from '../no-accounting.ts';
import { type SlurmClient, SlurmError } from '../slurm-client.ts';
import { readSacct, SACCT_FORMAT } from './read-sacct.ts';
import { readSinfo, SINFO_FORMAT } from './read-sinfo.ts';
import { readSqueue, SQUEUE_FORMAT } from './read-squeue.ts';
import type { CommandRunner } from './run-command.ts';
import { sbatchArguments } from './sbatch-arguments.ts';

export interface CommandClientOptions {
  runner: CommandRunner;
  /** Whose jobs are looked at. */
  user: string;
  /** Whether jobs are submitted as that user, which the server is not. */
  asOther: boolean;
}

/** Talks to Slurm by its commands, where no slurmrestd is offered. */
export function createCommandClient({ runner, user, asOther }: CommandClientOptions): SlurmClient {
  return {
    description: 'Slurm (by its commands)',

    async submit(submission) {
      const args = sbatchArguments(submission, asOther ? user : null);
      const output = await runner.run('sbatch', args, submission.script, { ...submission.environment });
      const id = /^\d+/.exec(output.trim())?.[0];
      if (id === undefined) throw new SlurmError('unknown', `sbatch named no job: ${output.trim().slice(0, 200)}`);
      return Number(id);
    },

    async listJobs(isOurs) {
      // Without `--all` those in hidden partitions would seem to be gone.
      const output = await runner.run(
        'squeue',
        ['--noheader', '--all', '--states=all', `--user=${user}`, `--Format=${SQUEUE_FORMAT}`],
        undefined,
        { SLURM_TIME_FORMAT: '%s' },
      );
      return readSqueue(output).filter(({ name }) => isOurs(name));
    },

    async listAccounted(ids) {
      const which = ['--duplicates', '--allocations', `--user=${user}`, `--jobs=${ids.join(',')}`];
      const how = ['--parsable2', '--noheader', `--format=${SACCT_FORMAT}`];
      try {
        return readSacct(await runner.run('sacct', [...which, ...how], undefined, { SLURM_TIME_FORMAT: '%s' }));
      } catch (error) {
        if (keepsNoAccounting(error)) return null;
        throw error;
      }
    },

    async wake(jobId) {
      await runner.run('scancel', ['--batch', '--signal=TERM', `${jobId}`]);
    },

    async cancel(jobId) {
      await runner.run('scancel', [`${jobId}`]);
    },

    async listNodes() {
      return readSinfo(await runner.run('sinfo', ['--noheader', '--all', '--Node', `--format=${SINFO_FORMAT}`]));
    },

    close() {},
  };
}

import type { Command } from 'commander';
import { parseCount } from '../arguments/option-values.ts';
import { addConnectionOptions, commandLine, connect, wantsJson } from '../connection.ts';
import { describeJob } from '../display/job-rows.ts';
import { visibleText } from '../display/visible-text.ts';
import { copyOutput } from '../job-output.ts';
import { note } from '../output.ts';
import { UsageError } from '../usage-error.ts';
import { followJob } from '../watch-job.ts';

export function defineLogs(command: Command): void {
  command
    .argument('<id>', 'id of the job')
    .option('-f, --follow', 'go on until the job has ended, and wait for it to begin')
    .option('--tail <n>', 'begin with the last so many lines', parseCount)
    .option('--attempt <n>', 'the output of that attempt, 1 for the first (not with -f)', parseCount);
  addConnectionOptions(command).addHelpText(
    'after',
    '\nThe output is written byte for byte to stdout, and to stderr how the job ended where it did not succeed (with -f, or\n' +
      'when it failed without output). With --json nothing but errors is written to stderr.',
  );
  command.action(
    async (id: string, { follow, tail, attempt }: { follow?: boolean; tail?: number; attempt?: number }) => {
      if (follow && attempt !== undefined)
        throw new UsageError('--attempt names one that has been: it cannot be followed');
      const client = connect(command);
      const isSilent = wantsJson(command);
      if (follow) {
        const comeBack = commandLine(command, ['logs', '-f', id]);
        const ended = await followJob(client, id, { tail, isSilent, comeBack });
        if (!isSilent && ended.status !== 'SUCCEEDED') note(describeJob(ended, Date.now()));
        return;
      }
      let isEmpty = true;
      const onOutput = () => {
        isEmpty = false;
      };
      await copyOutput(client, id, { follow: false, tail, attempt, onOutput });
      if (isSilent || !isEmpty) return;
      // Where no driver ran there is no output, and whoever looks for it looks for the reason.
      const job = await client.get(id);
      if (job.array !== null) note(`an array has no output, its elements have: ${visibleText(job.id)}:0 is the first`);
      if (job.status === 'FAILED') note(describeJob(job, Date.now()));
    },
  );
}

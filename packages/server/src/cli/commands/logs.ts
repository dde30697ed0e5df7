import type { Command } from 'commander';
import { parseCount } from '../arguments/option-values.ts';
import { addConnectionOptions, commandLine, connect, wantsJson } from '../connection.ts';
import { copyOutput } from '../job-output.ts';
import { followJob } from '../watch-job.ts';

export function defineLogs(command: Command): void {
  command
    .argument('<id>', 'id of the job')
    .option('-f, --follow', 'go on until the job has ended, and wait for it to begin')
    .option('--tail <n>', 'begin with the last so many lines', parseCount);
  addConnectionOptions(command).addHelpText(
    'after',
    '\nThe output is written byte for byte; --json concerns errors only.',
  );
  command.action(async (id: string, { follow, tail }: { follow?: boolean; tail?: number }) => {
    const client = connect(command);
    if (!follow) return copyOutput(client, id, { follow: false, tail, onOutput: () => {} });
    const comeBack = commandLine(command, ['logs', '-f', id]);
    await followJob(client, id, { tail, isSilent: wantsJson(command), comeBack });
  });
}

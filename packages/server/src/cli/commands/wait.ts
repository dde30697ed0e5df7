import { hasEnded, type Job } from '@drover/client/job';
import type { Command } from 'commander';
import { parseTime } from '../arguments/option-values.ts';
import { addConnectionOptions, commandLine, connect, wantsJson } from '../connection.ts';
import { describeJob } from '../display/job-rows.ts';
import { driverExitCode, EXIT } from '../exit-codes.ts';
import { JobDeletedError } from '../job-deleted-error.ts';
import { note, write, writeJson } from '../output.ts';
import { reportError } from '../report-error.ts';
import { awaitJob } from '../watch-job.ts';

const HELP = `
Exits with the driver's exit code; of several jobs with the first that is not 0. 125 when there is none (no driver ran, or its
end is unknown, or it was deleted meanwhile), 124 when the time is over before all jobs have ended.`;

export function defineWait(command: Command): void {
  command
    .argument('<id...>', 'ids of the jobs')
    .option('--timeout <time>', 'wait so long at most, such as 5m', parseTime);
  addConnectionOptions(command).addHelpText('after', HELP);

  command.action(async (ids: string[], { timeout }: { timeout?: number }) => {
    const client = connect(command);
    const isJson = wantsJson(command);
    const deadlineMs = timeout === undefined ? undefined : Date.now() + timeout;
    process.exitCode = EXIT.noExitCode;
    const codes: number[] = [];
    // One after the other: all have to end anyway, and the answers come in the order of the ids.
    for (const [index, id] of ids.entries()) {
      const timeoutMs = deadlineMs === undefined ? undefined : Math.max(0, deadlineMs - Date.now());
      const comeBack = commandLine(command, ['wait', ...ids.slice(index)]);
      const job = await awaitJob(client, id, { timeoutMs, isSilent: isJson, comeBack }).catch((error: unknown) => {
        if (!(error instanceof JobDeletedError)) throw error;
        codes.push(reportError(error, isJson));
      });
      if (job === undefined) continue;
      if (isJson) await writeJson(job);
      else if (hasEnded(job)) await write(`${describeJob(job, Date.now())}\n`);
      else note(`${describeJob(job, Date.now())} still`);
      codes.push(exitCodeOf(job));
    }
    process.exitCode = codes.includes(EXIT.timedOut) ? EXIT.timedOut : (codes.find((code) => code !== 0) ?? 0);
  });
}

function exitCodeOf(job: Job): number {
  return hasEnded(job) ? driverExitCode(job) : EXIT.timedOut;
}

import type { Job } from '@drover/client/job';
import type { Command } from 'commander';
import { addJobOptions, type JobOptions } from '../arguments/job-options.ts';
import { addConnectionOptions, commandLine, connect, wantsJson } from '../connection.ts';
import { describeJob } from '../display/job-rows.ts';
import { visibleText } from '../display/visible-text.ts';
import { driverExitCode, EXIT } from '../exit-codes.ts';
import { note, write, writeJson } from '../output.ts';
import { requestedJob } from '../requested-job.ts';
import { awaitJob, followJob } from '../watch-job.ts';

interface SubmitOptions extends JobOptions {
  tenant?: string;
  follow?: boolean;
  wait?: boolean;
}

const HELP = `
COMMAND is run by /bin/sh -c: a single argument as the command line that it is, several as a program with its arguments,
each quoted. What stands behind the first word of COMMAND belongs to it.

Without --working-dir the driver begins in an empty folder of its own. A relative folder (. or ./dir) is yours: it is uploaded
(without what .gitignore names, .git, __pycache__, .venv and venv; once for the same content), and each job runs in a copy of its
own. An absolute folder and a zip are those of the server's machine, and a folder is used in place. --upload and --in-place say
otherwise.

A job that fails is tried again as often as --max-retries says. Ends that neither --retry-on nor --no-retry-on names are tried
again too, but for those that would come again, such as a reached time limit. ENTRYPOINT_FAILED names every exit code but 0:
--retry-on 75 --no-retry-on ENTRYPOINT_FAILED does not try again after another exit code than 75.

--array SIZE hands in that many jobs at once, which find their number in DROVER_ARRAY_INDEX, from 0 on; SIZE%MAX lets at most
MAX of them run at once. Their ids are those of the array, a colon and the number: drover logs sweep:3.

The exit code of --wait and --follow is the driver's; 125 when there is none (no driver ran, or its end is unknown).
That of an array is 0 when all of it succeeded, 1 when some of it did not, and 125 when it was ended as a whole.
With --json the job is written as JSON: to stdout, or with --follow (stdout is the driver's) to stderr.

  drover submit --follow -- python3 train.py --epochs 3
  drover submit --working-dir . --env SEED=7 --num-gpus 1 -- 'make data && ./run > result.txt'
  id=$(drover submit -- ./nightly.sh)`;

export function defineSubmit(command: Command): void {
  command
    .argument('[command...]', 'what to run')
    .usage('[options] -- COMMAND…')
    .option('--id <id>', 'id of the job; the server makes one otherwise');
  addJobOptions(command)
    .option('--tenant <tenant>', 'tenant that the job belongs to')
    .option('-f, --follow', 'write the output as it comes, and exit as the driver does')
    .option('--wait', 'wait for the end, and exit as the driver does');
  addConnectionOptions(command).passThroughOptions().addHelpText('after', HELP);

  command.action(async (words: string[], options: SubmitOptions) => {
    const client = connect(command);
    const isJson = wantsJson(command);
    const submission = await requestedJob(client, words, options, { isSilent: isJson });
    const job = await client.submit(submission, { tenant: options.tenant });
    if (submission.retry_policy !== undefined && job.max_retries === 0 && !isJson) {
      note('it is never tried again: neither --max-retries nor its queue says how often');
    }
    if (!options.follow && !options.wait) return announce(job, isJson);

    // What a broken pipe exits with meanwhile: the driver's end is not known.
    process.exitCode = EXIT.noExitCode;
    const watch = { first: job, isSilent: isJson };
    if (!isJson) note(`submitted ${visibleText(job.id)}${elementIds(job)}`);
    if (options.follow) {
      if (isJson) process.stderr.write(`${JSON.stringify(job)}\n`);
      const comeBack = commandLine(command, wayBack(job));
      const ended = await followJob(client, job.id, { ...watch, comeBack });
      if (isJson) process.stderr.write(`${JSON.stringify(ended)}\n`);
      else if (ended.status !== 'SUCCEEDED') note(describeJob(ended, Date.now()));
      process.exitCode = driverExitCode(ended);
    } else {
      const comeBack = commandLine(command, ['wait', job.id]);
      const ended = await awaitJob(client, job.id, { ...watch, comeBack });
      await (isJson ? writeJson(ended) : write(`${describeJob(ended, Date.now())}\n`));
      process.exitCode = driverExitCode(ended);
    }
  });

  /** The id alone on stdout, so that scripts can take it. */
  async function announce(job: Job, isJson: boolean): Promise<void> {
    await (isJson ? writeJson(job) : write(`${visibleText(job.id)}\n`));
    if (!isJson && process.stdout.isTTY) note(`follow it with: ${commandLine(command, wayBack(job))}`);
  }
}

function wayBack({ id, array }: Job): string[] {
  return array === null ? ['logs', '-f', id] : ['wait', id];
}

/** An array has no output itself: where to look for it. */
function elementIds({ id, array }: Job): string {
  if (array === null) return '';
  return visibleText(array.size === 1 ? `: ${id}:0` : `: ${id}:0 to ${id}:${array.size - 1}`);
}

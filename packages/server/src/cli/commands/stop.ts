import type { DroverClient } from '@drover/client';
import { hasEnded, type Job, type StopAnswer } from '@drover/client/job';
import type { Command } from 'commander';
import { addChoice, type BulkFilter, type ChoiceOptions, chosenFilter } from '../arguments/chosen-jobs.ts';
import { parseTime } from '../arguments/option-values.ts';
import { quoteForShell } from '../arguments/shell-command.ts';
import { changeMany } from '../change-many.ts';
import { addConnectionOptions, commandLine, connect, wantsJson } from '../connection.ts';
import { describeJob } from '../display/job-rows.ts';
import { visibleText } from '../display/visible-text.ts';
import { forEachNamed } from '../each-named.ts';
import { write, writeJson } from '../output.ts';
import { awaitJob } from '../watch-job.ts';

interface StopOptions extends ChoiceOptions {
  grace?: number;
  wait?: boolean;
}

const PAGE = 1000;

export function defineStop(command: Command): void {
  addChoice(command, 'all jobs that have not ended')
    .option('--grace <time>', "time between SIGTERM and SIGKILL, such as 10s; the job's own otherwise", parseTime)
    .option('--wait', 'wait until all have ended');
  addConnectionOptions(command);

  command.action(async (ids: string[], options: StopOptions) => {
    const filter = chosenFilter(ids, options);
    const { grace: graceMs, wait } = options;
    const client = connect(command);
    const isJson = wantsJson(command);
    const tell = (answer: StopAnswer) => (isJson ? writeJson(answer) : write(`${describeStop(answer)}\n`));
    let stopping: Job[] = [];
    if (filter === null) {
      await forEachNamed(ids, isJson, async (id) => {
        const answer = await client.stop(id, { graceMs });
        if (wait && answer.stopping) stopping.push(answer.job);
        else await tell(answer);
      });
    } else {
      const change = (bulk: { dryRun: boolean }) => client.stopMany(filter, { ...bulk, graceMs });
      const answer = await changeMany('stop', filter, { ...options, isJson }, change);
      if (wait && answer !== null) stopping = await jobsBeingStopped(client, filter);
    }
    // All are asked to stop before one is waited for.
    const awaited = new Map(stopping.map((job) => [job.id, job]));
    await forEachNamed([...awaited.keys()], isJson, async (id) => {
      const comeBack = filter === null ? commandLine(command, ['wait', ...awaited.keys()]) : sameAgain();
      const first = awaited.get(id);
      awaited.delete(id);
      await tell({ stopping: true, job: await awaitJob(client, id, { first, isSilent: isJson, comeBack }) });
    });
  });
}

/** Those of a filter that have not ended yet, which may be more than the answer of a stop names. */
async function jobsBeingStopped(client: DroverClient, { all: _, ...filter }: BulkFilter): Promise<Job[]> {
  const jobs: Job[] = [];
  for await (const job of client.listAll({ ...filter, status: ['PENDING', 'RUNNING'], limit: PAGE })) {
    if (job.stop !== null) jobs.push(job);
  }
  return jobs;
}

/** The command line as it was given: to stop once more changes nothing for jobs that are being stopped. */
function sameAgain(): string {
  return ['drover', ...process.argv.slice(2)].map(quoteForShell).join(' ');
}

function describeStop({ stopping, job }: StopAnswer): string {
  if (!stopping) return `had ended before: ${describeJob(job, Date.now())}`;
  if (hasEnded(job)) return describeJob(job, Date.now());
  const trouble = job.stop?.trouble;
  return visibleText(`${job.id} is being stopped${trouble == null ? '' : `: ${trouble}`}`);
}

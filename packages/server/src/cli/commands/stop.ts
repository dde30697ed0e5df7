import { hasEnded, type StopAnswer } from '@drover/client/job';
import type { Command } from 'commander';
import { parseTime } from '../arguments/option-values.ts';
import { addConnectionOptions, commandLine, connect, wantsJson } from '../connection.ts';
import { describeJob } from '../display/job-rows.ts';
import { visibleText } from '../display/visible-text.ts';
import { forEachNamed } from '../each-named.ts';
import { write, writeJson } from '../output.ts';
import { awaitJob } from '../watch-job.ts';

export function defineStop(command: Command): void {
  command
    .argument('<id...>', 'ids of the jobs')
    .option('--grace <time>', "time between SIGTERM and SIGKILL, such as 10s; the job's own otherwise", parseTime)
    .option('--wait', 'wait until all have ended');
  addConnectionOptions(command);

  command.action(async (ids: string[], { grace, wait }: { grace?: number; wait?: boolean }) => {
    const client = connect(command);
    const isJson = wantsJson(command);
    const tell = (answer: StopAnswer) => (isJson ? writeJson(answer) : write(`${describeStop(answer)}\n`));
    const stopping: StopAnswer[] = [];
    await forEachNamed(ids, isJson, async (id) => {
      const answer = await client.stop(id, { graceMs: grace });
      if (wait && answer.stopping) stopping.push(answer);
      else await tell(answer);
    });
    // All are asked to stop before one is waited for.
    const awaited = stopping.map(({ job }) => job.id);
    await forEachNamed(awaited, isJson, async (id) => {
      const comeBack = commandLine(command, ['wait', ...awaited.slice(awaited.indexOf(id))]);
      const first = stopping.find(({ job }) => job.id === id)?.job;
      await tell({ stopping: true, job: await awaitJob(client, id, { first, isSilent: isJson, comeBack }) });
    });
  });
}

function describeStop({ stopping, job }: StopAnswer): string {
  if (!stopping) return `had ended before: ${describeJob(job, Date.now())}`;
  return hasEnded(job) ? describeJob(job, Date.now()) : `${visibleText(job.id)} is being stopped`;
}

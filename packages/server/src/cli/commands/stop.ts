import type { Command } from 'commander';
import { parseTime } from '../arguments/option-values.ts';
import { addConnectionOptions, connect, wantsJson } from '../connection.ts';
import { describeJob } from '../display/job-rows.ts';
import { visibleText } from '../display/visible-text.ts';
import { forEachJob } from '../each-job.ts';
import { write, writeJson } from '../output.ts';

export function defineStop(command: Command): void {
  command
    .argument('<id...>', 'ids of the jobs')
    .option('--grace <time>', "time between SIGTERM and SIGKILL, such as 10s; the job's own otherwise", parseTime);
  addConnectionOptions(command);

  command.action(async (ids: string[], { grace }: { grace?: number }) => {
    const client = connect(command);
    const isJson = wantsJson(command);
    await forEachJob(ids, isJson, async (id) => {
      const answer = await client.stop(id, { graceMs: grace });
      if (isJson) return writeJson(answer);
      const ended = () => `had ended before: ${describeJob(answer.job, Date.now())}`;
      await write(`${answer.stopping ? `${visibleText(id)} is being stopped` : ended()}\n`);
    });
  });
}

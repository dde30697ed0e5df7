import type { Command } from 'commander';
import { addConnectionOptions, connect, wantsJson } from '../connection.ts';
import { jobDetails } from '../display/job-details.ts';
import { write, writeJson } from '../output.ts';

export function defineStatus(command: Command): void {
  command.argument('<id>', 'id of the job');
  addConnectionOptions(command);
  command.action(async (id: string) => {
    const job = await connect(command).get(id);
    await (wantsJson(command) ? writeJson(job) : write(jobDetails(job, Date.now(), process.stdout)));
  });
}

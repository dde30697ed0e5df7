import type { Command } from 'commander';
import { addJobOptions, type JobOptions } from '../../arguments/job-options.ts';
import { addScheduleOptions, type ScheduleOptions, scheduleSettingsOf } from '../../arguments/schedule-settings.ts';
import { addConnectionOptions, connect, wantsJson } from '../../connection.ts';
import { scheduleDetails } from '../../display/schedule-details.ts';
import { write, writeJson } from '../../output.ts';
import { requestedJob } from '../../requested-job.ts';
import { UsageError } from '../../usage-error.ts';

interface CreateOptions extends ScheduleOptions, JobOptions {
  paused?: boolean;
  tenant?: string;
}

const USAGE = '<name> --cron <expression> [options] -- COMMAND…';

const HELP = `
The options of the job are those of drover submit; a folder is uploaded once, now, and kept for as long as the schedule needs it.
Each occurrence has a job of its own, which finds its moment in DROVER_SCHEDULED_AT.

--overlap says what happens while a job of the schedule has not ended: skip the occurrence, allow both, or replace that job, which is
stopped. --missed says what becomes of occurrences while no server ran: skip them, run_once for all of them, or run_all.

  drover schedule create nightly --cron '30 2 * * *' --time-zone Europe/Berlin -- ./backup.sh`;

export function defineScheduleCreate(command: Command): void {
  command.argument('<name>', 'name of the schedule').argument('[command...]', 'what to run').usage(USAGE);
  addScheduleOptions(command).option('--paused', 'submit nothing until it is resumed');
  addJobOptions(command).option('--tenant <tenant>', 'tenant that its jobs belong to');
  addConnectionOptions(command).addHelpText('after', HELP);
  command.action(async (name: string, words: string[], options: CreateOptions) => {
    const { cron, ...settings } = scheduleSettingsOf(options);
    if (cron === undefined) throw new UsageError('--cron is missing: when is the job to be submitted?');
    const client = connect(command);
    const isJson = wantsJson(command);
    const job = await requestedJob(client, words, options, {
      isSilent: isJson,
      usage: `drover schedule create ${USAGE}`,
    });
    const schedule = await client.schedules.create(
      { name, cron, ...settings, ...(options.paused ? { paused: true } : {}), job },
      { tenant: options.tenant },
    );
    await (isJson ? writeJson(schedule) : write(scheduleDetails(schedule, Date.now(), process.stdout)));
  });
}

import type { Command } from 'commander';
import { addJobOptions, type JobOptions } from '../../arguments/job-options.ts';
import { addScheduleOptions, type ScheduleOptions, scheduleSettingsOf } from '../../arguments/schedule-settings.ts';
import { addConnectionOptions, connect, wantsJson } from '../../connection.ts';
import { scheduleDetails } from '../../display/schedule-details.ts';
import { write, writeJson } from '../../output.ts';
import { requestedJob } from '../../requested-job.ts';
import { UsageError } from '../../usage-error.ts';

const HELP = `
What is not named stays as it is; \`none\` takes a bound away. A COMMAND replaces the whole job, with its options as they stand here.`;

export function defineScheduleSet(command: Command): void {
  command
    .argument('<name>', 'name of the schedule')
    .argument('[command...]', 'what to run from now on')
    .usage('<name> [options] [-- COMMAND…]');
  const others = addScheduleOptions(command).options.length;
  const ofJob = addJobOptions(command)
    .options.slice(others)
    .map((option) => option.attributeName());
  addConnectionOptions(command).addHelpText('after', HELP);
  command.action(async (name: string, words: string[], options: ScheduleOptions & JobOptions) => {
    const settings = scheduleSettingsOf(options);
    if (words.length === 0 && ofJob.some((option) => command.getOptionValue(option) !== undefined)) {
      throw new UsageError('the job is replaced as a whole: what describes it needs a COMMAND');
    }
    if (words.length === 0 && Object.keys(settings).length === 0) {
      throw new UsageError('nothing is named that is to change');
    }
    const client = connect(command);
    const isJson = wantsJson(command);
    const job = words.length === 0 ? {} : { job: await requestedJob(client, words, options, { isSilent: isJson }) };
    const schedule = await client.schedules.change(name, { ...settings, ...job });
    await (isJson ? writeJson(schedule) : write(scheduleDetails(schedule, Date.now(), process.stdout)));
  });
}

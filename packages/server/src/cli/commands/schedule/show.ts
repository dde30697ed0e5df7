import type { Command } from 'commander';
import { parseCount } from '../../arguments/option-values.ts';
import { addConnectionOptions, connect, wantsJson } from '../../connection.ts';
import { scheduleDetails } from '../../display/schedule-details.ts';
import { write, writeJson } from '../../output.ts';

export function defineScheduleShow(command: Command): void {
  command
    .argument('<name>', 'name of the schedule')
    .option('--next <n>', 'so many of the next occurrences, up to 100 (5)', parseCount);
  addConnectionOptions(command).addHelpText('after', '\nTimes are those of your own clock.');
  command.action(async (name: string, { next }: { next?: number }) => {
    const schedule = await connect(command).schedules.get(name, { next });
    await (wantsJson(command) ? writeJson(schedule) : write(scheduleDetails(schedule, Date.now(), process.stdout)));
  });
}

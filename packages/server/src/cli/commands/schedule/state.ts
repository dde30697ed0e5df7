import type { Command } from 'commander';
import { addConnectionOptions, connect, wantsJson } from '../../connection.ts';
import { describeSchedule } from '../../display/schedule-details.ts';
import { forEachNamed } from '../../each-named.ts';
import { write, writeJson } from '../../output.ts';

export function defineSchedulePause(command: Command): void {
  defineState(command, 'pause', 'Jobs that it has submitted go on.');
}

export function defineScheduleResume(command: Command): void {
  defineState(command, 'resume', 'What lay in the pause is not made up for.');
}

function defineState(command: Command, action: 'pause' | 'resume', help: string): void {
  command.argument('<name...>', 'names of the schedules');
  addConnectionOptions(command).addHelpText('after', `\n${help}`);
  command.action(async (names: string[]) => {
    const client = connect(command);
    const isJson = wantsJson(command);
    await forEachNamed(names, isJson, async (name) => {
      const schedule = await client.schedules[action](name);
      await (isJson ? writeJson(schedule) : write(`${describeSchedule(schedule)}\n`));
    });
  });
}

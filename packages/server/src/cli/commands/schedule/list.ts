import type { Command } from 'commander';
import { addConnectionOptions, connect, wantsJson } from '../../connection.ts';
import { SCHEDULE_TABLE, scheduleRow } from '../../display/schedule-rows.ts';
import { createTable } from '../../display/table.ts';
import { terminalWidth } from '../../display/terminal-width.ts';
import { note, write, writeJson } from '../../output.ts';

export function defineScheduleList(command: Command): void {
  command.option('--tenant <tenant>', 'schedules of this tenant');
  addConnectionOptions(command).addHelpText('after', '\nTimes are those of your own clock.');
  command.action(async ({ tenant }: { tenant?: string }) => {
    const schedules = await connect(command).schedules.list({ tenant });
    if (wantsJson(command)) {
      for (const schedule of schedules) await writeJson(schedule);
      return;
    }
    if (schedules.length === 0) return note('no schedules');
    const table = createTable(SCHEDULE_TABLE, terminalWidth(process.stdout));
    await write(table.render(schedules.map((schedule) => scheduleRow(schedule, process.stdout))));
  });
}

import type { Command } from 'commander';
import { addConnectionOptions, connect, wantsJson } from '../../connection.ts';
import { visibleText } from '../../display/visible-text.ts';
import { forEachNamed } from '../../each-named.ts';
import { write, writeJson } from '../../output.ts';

export function defineScheduleRun(command: Command): void {
  command.argument('<name...>', 'names of the schedules');
  addConnectionOptions(command).addHelpText(
    'after',
    '\nWhatever their rules, and also while they are paused. The ids of the jobs are written, one per line.',
  );
  command.action(async (names: string[]) => {
    const client = connect(command);
    const isJson = wantsJson(command);
    await forEachNamed(names, isJson, async (name) => {
      const job = await client.schedules.run(name);
      await (isJson ? writeJson(job) : write(`${visibleText(job.id)}\n`));
    });
  });
}

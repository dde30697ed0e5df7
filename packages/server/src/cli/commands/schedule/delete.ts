import type { Command } from 'commander';
import { addConnectionOptions, connect, wantsJson } from '../../connection.ts';
import { visibleText } from '../../display/visible-text.ts';
import { forEachNamed } from '../../each-named.ts';
import { write, writeJson } from '../../output.ts';

export function defineScheduleDelete(command: Command): void {
  command.argument('<name...>', 'names of the schedules');
  addConnectionOptions(command).addHelpText('after', '\nJobs that they have submitted stay, and go on.');
  command.action(async (names: string[]) => {
    const client = connect(command);
    const isJson = wantsJson(command);
    await forEachNamed(names, isJson, async (name) => {
      await client.schedules.delete(name);
      await (isJson ? writeJson({ name, deleted: true }) : write(`schedule ${visibleText(name)} is deleted\n`));
    });
  });
}

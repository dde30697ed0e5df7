import type { Command } from 'commander';
import { addConnectionOptions, connect, wantsJson } from '../../connection.ts';
import { visibleText } from '../../display/visible-text.ts';
import { forEachNamed } from '../../each-named.ts';
import { write, writeJson } from '../../output.ts';

export function defineQueueDelete(command: Command): void {
  command.argument('<name...>', 'names of the queues');
  addConnectionOptions(command).addHelpText(
    'after',
    '\nA queue with jobs that wait or run is not removed: drain it first. Jobs that have ended keep its name.',
  );
  command.action(async (names: string[]) => {
    const client = connect(command);
    const isJson = wantsJson(command);
    await forEachNamed(names, isJson, async (name) => {
      await client.queues.delete(name);
      await (isJson ? writeJson({ name, deleted: true }) : write(`queue ${visibleText(name)} is deleted\n`));
    });
  });
}

import type { Command } from 'commander';
import { addConnectionOptions, connect, wantsJson } from '../connection.ts';
import { visibleText } from '../display/visible-text.ts';
import { forEachNamed } from '../each-named.ts';
import { write, writeJson } from '../output.ts';

export function defineRetry(command: Command): void {
  command.argument('<id...>', 'ids of the jobs');
  addConnectionOptions(command).addHelpText('after', '\nThe ids of the copies are written, one per line.');
  command.action(async (ids: string[]) => {
    const client = connect(command);
    const isJson = wantsJson(command);
    await forEachNamed(ids, isJson, async (id) => {
      const copy = await client.retry(id);
      await (isJson ? writeJson(copy) : write(`${visibleText(copy.id)}\n`));
    });
  });
}

import type { Command } from 'commander';
import { addChoice, type ChoiceOptions, chosenFilter } from '../arguments/chosen-jobs.ts';
import { changeMany } from '../change-many.ts';
import { addConnectionOptions, connect, wantsJson } from '../connection.ts';
import { visibleText } from '../display/visible-text.ts';
import { forEachNamed } from '../each-named.ts';
import { write, writeJson } from '../output.ts';

const HELP = `
Without --status filters mean jobs that failed, not those that somebody has stopped. The ids of the copies are written, one per
line; of those that filters chose, the newest 1000.`;

export function defineRetry(command: Command): void {
  addChoice(command, 'all jobs that failed');
  addConnectionOptions(command).addHelpText('after', HELP);
  command.action(async (ids: string[], options: ChoiceOptions) => {
    const filter = chosenFilter(ids, options);
    const client = connect(command);
    const isJson = wantsJson(command);
    if (filter !== null) {
      await changeMany('retry', filter, { ...options, isJson }, (bulk) => client.retryMany(filter, bulk));
      return;
    }
    await forEachNamed(ids, isJson, async (id) => {
      const copy = await client.retry(id);
      await (isJson ? writeJson(copy) : write(`${visibleText(copy.id)}\n`));
    });
  });
}

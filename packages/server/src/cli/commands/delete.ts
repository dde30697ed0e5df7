import type { Command } from 'commander';
import { addChoice, type ChoiceOptions, chosenFilter } from '../arguments/chosen-jobs.ts';
import { changeMany } from '../change-many.ts';
import { addConnectionOptions, connect, wantsJson } from '../connection.ts';
import { visibleText } from '../display/visible-text.ts';
import { forEachNamed } from '../each-named.ts';
import { write, writeJson } from '../output.ts';

export function defineDelete(command: Command): void {
  addChoice(command, 'all jobs that have ended');
  addConnectionOptions(command).addHelpText('after', '\nJobs that have not ended are not met by filters.');
  command.action(async (ids: string[], options: ChoiceOptions) => {
    const filter = chosenFilter(ids, options);
    const client = connect(command);
    const isJson = wantsJson(command);
    if (filter !== null) {
      await changeMany('delete', filter, { ...options, isJson }, (bulk) => client.deleteMany(filter, bulk));
      return;
    }
    await forEachNamed(ids, isJson, async (id) => {
      await client.delete(id);
      await (isJson ? writeJson({ id, deleted: true }) : write(`${visibleText(id)} is deleted\n`));
    });
  });
}

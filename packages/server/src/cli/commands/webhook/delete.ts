import type { Command } from 'commander';
import { addConnectionOptions, connect, wantsJson } from '../../connection.ts';
import { visibleText } from '../../display/visible-text.ts';
import { forEachNamed } from '../../each-named.ts';
import { write, writeJson } from '../../output.ts';

export function defineWebhookDelete(command: Command): void {
  command.argument('<id...>', 'ids of the webhooks');
  addConnectionOptions(command);
  command.action(async (ids: string[]) => {
    const client = connect(command);
    const isJson = wantsJson(command);
    await forEachNamed(ids, isJson, async (id) => {
      await client.webhooks.delete(id);
      await (isJson ? writeJson({ id, deleted: true }) : write(`webhook ${visibleText(id)} is deleted\n`));
    });
  });
}

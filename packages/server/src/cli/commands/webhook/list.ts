import type { Command } from 'commander';
import { addConnectionOptions, connect, wantsJson } from '../../connection.ts';
import { createTable } from '../../display/table.ts';
import { terminalWidth } from '../../display/terminal-width.ts';
import { WEBHOOK_TABLE, webhookRow } from '../../display/webhook-rows.ts';
import { note, write, writeJson } from '../../output.ts';

export function defineWebhookList(command: Command): void {
  addConnectionOptions(command);
  command.action(async () => {
    const webhooks = await connect(command).webhooks.list();
    if (wantsJson(command)) {
      for (const webhook of webhooks) await writeJson(webhook);
      return;
    }
    if (webhooks.length === 0) return note('no webhooks');
    const table = createTable(WEBHOOK_TABLE, terminalWidth(process.stdout));
    await write(table.render(webhooks.map((webhook) => webhookRow(webhook, process.stdout))));
  });
}

import type { Command } from 'commander';
import { addConnectionOptions, connect, wantsJson } from '../../connection.ts';
import { webhookDetails } from '../../display/webhook-details.ts';
import { write, writeJson } from '../../output.ts';

export function defineWebhookShow(command: Command): void {
  command.argument('<id>', 'id of the webhook');
  addConnectionOptions(command);
  command.action(async (id: string) => {
    const webhook = await connect(command).webhooks.get(id);
    await (wantsJson(command) ? writeJson(webhook) : write(webhookDetails(webhook, Date.now(), process.stdout)));
  });
}

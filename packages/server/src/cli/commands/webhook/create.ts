import type { Command } from 'commander';
import { addSettingOptions, type SettingOptions, settingsOf } from '../../arguments/webhook-settings.ts';
import { addConnectionOptions, connect, wantsJson } from '../../connection.ts';
import { webhookDetails } from '../../display/webhook-details.ts';
import { note, write, writeJson } from '../../output.ts';

const HELP = `
Without options it gets every event; of several options all must hold. The secret, which receivers verify messages with, is
shown this once.

  drover webhook create --event ended --status FAILED --queue train https://hooks.example.com/drover`;

export function defineWebhookCreate(command: Command): void {
  command.argument('<url>', 'where to; https, unless the server names the host in allowed_webhook_hosts');
  addConnectionOptions(addSettingOptions(command)).addHelpText('after', HELP);
  command.action(async (url: string, options: SettingOptions) => {
    const webhook = await connect(command).webhooks.create({ url, ...settingsOf(options) });
    if (wantsJson(command)) return writeJson(webhook);
    await write(webhookDetails(webhook, Date.now(), process.stdout));
    note('keep the secret: it is not shown again');
  });
}

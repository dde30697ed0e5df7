import type { WebhookChange } from '@drover/client/webhook';
import { type Command, Option } from 'commander';
import { parseTime } from '../../arguments/option-values.ts';
import { addSettingOptions, type SettingOptions, settingsOf } from '../../arguments/webhook-settings.ts';
import { addConnectionOptions, connect, wantsJson } from '../../connection.ts';
import { webhookDetails } from '../../display/webhook-details.ts';
import { note, write, writeJson } from '../../output.ts';
import { UsageError } from '../../usage-error.ts';

interface SetOptions extends SettingOptions {
  url?: string;
  enable?: boolean;
  disable?: boolean;
  rotateSecret?: boolean;
  keepPrevious?: number;
}

const HELP = `
What is not named stays as it is; \`none\` takes a filter away. What waits is sent to the webhook as it is then.
With --rotate-secret messages carry a signature of each of the two secrets for a day, or as long as --keep-previous says.`;

export function defineWebhookSet(command: Command): void {
  command
    .argument('<id>', 'id of the webhook')
    .option('--url <url>', 'another address')
    .option('--enable', 'send to it again, also what was left when it was disabled')
    .addOption(new Option('--disable', 'send nothing to it').conflicts('enable'))
    .option('--rotate-secret', 'make a new secret, which is shown this once')
    .option(
      '--keep-previous <time>',
      'how long the secret before is used as well, such as 1h; 0s: no longer',
      parseTime,
    );
  addConnectionOptions(addSettingOptions(command)).addHelpText('after', HELP);
  command.action(async (id: string, options: SetOptions) => {
    const change = changeOf(options);
    if (Object.keys(change).length === 0) throw new UsageError('nothing is named that is to change');
    const webhook = await connect(command).webhooks.change(id, change);
    if (wantsJson(command)) return writeJson(webhook);
    await write(webhookDetails(webhook, Date.now(), process.stdout));
    if (change.rotate_secret) note('keep the secret: it is not shown again');
  });
}

function changeOf({ url, enable, disable, rotateSecret, keepPrevious, ...settings }: SetOptions): WebhookChange {
  if (keepPrevious !== undefined && !rotateSecret) throw new UsageError('--keep-previous needs --rotate-secret');
  return {
    ...settingsOf(settings),
    ...(url === undefined ? {} : { url }),
    ...(enable ? { enabled: true } : {}),
    ...(disable ? { enabled: false } : {}),
    ...(rotateSecret ? { rotate_secret: true } : {}),
    ...(keepPrevious === undefined ? {} : { previous_secret_seconds: keepPrevious / 1000 }),
  };
}

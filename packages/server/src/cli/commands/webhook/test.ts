import type { Command } from 'commander';
import { addConnectionOptions, connect, wantsJson } from '../../connection.ts';
import { describeTest } from '../../display/delivery-rows.ts';
import { EXIT } from '../../exit-codes.ts';
import { write, writeJson } from '../../output.ts';

export function defineWebhookTest(command: Command): void {
  command.argument('<id>', 'id of the webhook');
  addConnectionOptions(command).addHelpText('after', '\nThe exit code is 1 where the message was not taken.');
  command.action(async (id: string) => {
    const outcome = await connect(command).webhooks.test(id);
    await (wantsJson(command) ? writeJson(outcome) : write(describeTest(outcome)));
    if (!outcome.delivered) process.exitCode = EXIT.failure;
  });
}

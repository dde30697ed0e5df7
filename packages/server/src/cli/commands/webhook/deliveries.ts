import type { Command } from 'commander';
import { parseLimit } from '../../arguments/option-values.ts';
import { addConnectionOptions, connect, wantsJson } from '../../connection.ts';
import { DELIVERY_TABLE, finishedRow, waitingRow } from '../../display/delivery-rows.ts';
import { createTable } from '../../display/table.ts';
import { terminalWidth } from '../../display/terminal-width.ts';
import { note, write, writeJson } from '../../output.ts';

export function defineWebhookDeliveries(command: Command): void {
  command
    .argument('<id>', 'id of the webhook')
    .option('--limit <n>', 'so many that wait, and so many that were delivered, at most', parseLimit, 20);
  addConnectionOptions(command).addHelpText(
    'after',
    '\nIn the order of the events: the last that were delivered or given up, then the first that wait.',
  );
  command.action(async (id: string, { limit }: { limit: number }) => {
    const deliveries = await connect(command).webhooks.deliveries(id, { limit });
    if (wantsJson(command)) return writeJson(deliveries);
    const nowMs = Date.now();
    const rows = [
      ...deliveries.finished.toReversed().map((delivery) => finishedRow(delivery)),
      ...deliveries.waiting.map((delivery) => waitingRow(delivery, nowMs)),
    ];
    if (rows.length === 0) return note('no deliveries');
    await write(createTable(DELIVERY_TABLE, terminalWidth(process.stdout)).render(rows));
  });
}

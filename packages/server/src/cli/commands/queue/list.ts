import type { Command } from 'commander';
import { addConnectionOptions, connect, wantsJson } from '../../connection.ts';
import { QUEUE_TABLE, queueRow } from '../../display/queue-rows.ts';
import { createTable } from '../../display/table.ts';
import { terminalWidth } from '../../display/terminal-width.ts';
import { write, writeJson } from '../../output.ts';

export function defineQueueList(command: Command): void {
  addConnectionOptions(command).addHelpText('after', '\nBehind a slash stands the limit.');
  command.action(async () => {
    const queues = await connect(command).queues.list();
    if (wantsJson(command)) {
      for (const queue of queues) await writeJson(queue);
      return;
    }
    const table = createTable(QUEUE_TABLE, terminalWidth(process.stdout));
    await write(table.render(queues.map((queue) => queueRow(queue, process.stdout))));
  });
}

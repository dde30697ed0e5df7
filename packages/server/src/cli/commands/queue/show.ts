import type { Command } from 'commander';
import { addConnectionOptions, connect, wantsJson } from '../../connection.ts';
import { queueDetails } from '../../display/queue-details.ts';
import { write, writeJson } from '../../output.ts';

export function defineQueueShow(command: Command): void {
  command.argument('<name>', 'name of the queue');
  addConnectionOptions(command);
  command.action(async (name: string) => {
    const queue = await connect(command).queues.get(name);
    await (wantsJson(command) ? writeJson(queue) : write(queueDetails(queue, process.stdout)));
  });
}

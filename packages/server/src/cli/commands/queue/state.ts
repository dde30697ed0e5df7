import type { Command } from 'commander';
import { addConnectionOptions, connect, wantsJson } from '../../connection.ts';
import { describeQueue } from '../../display/queue-details.ts';
import { forEachNamed } from '../../each-named.ts';
import { write, writeJson } from '../../output.ts';

export function defineQueuePause(command: Command): void {
  defineState(command, 'pause', 'Jobs that run go on; those that wait stay until the queue is resumed.');
}

export function defineQueueResume(command: Command): void {
  defineState(command, 'resume', 'It takes jobs and starts them, whether it was paused or drained before.');
}

export function defineQueueDrain(command: Command): void {
  defineState(command, 'drain', 'Submits are refused with QUEUE_DRAINING until the queue is resumed.');
}

function defineState(command: Command, action: 'pause' | 'resume' | 'drain', help: string): void {
  command.argument('<name...>', 'names of the queues');
  addConnectionOptions(command).addHelpText('after', `\n${help}`);
  command.action(async (names: string[]) => {
    const client = connect(command);
    const isJson = wantsJson(command);
    await forEachNamed(names, isJson, async (name) => {
      const queue = await client.queues[action](name);
      await (isJson ? writeJson(queue) : write(`${describeQueue(queue)}\n`));
    });
  });
}

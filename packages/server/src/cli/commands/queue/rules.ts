import type { DroverClient } from '@drover/client';
import type { Queue, QueueRules } from '@drover/client/queue';
import type { Command } from 'commander';
import { addEngineOptions, type EngineOptions, engineOptionsOf } from '../../arguments/engine-options.ts';
import { addLimitOptions, type LimitOptions, limitsOf } from '../../arguments/holding-limits.ts';
import { addJobDefaultOptions, type JobDefaultOptions, jobDefaultsOf } from '../../arguments/job-defaults.ts';
import { parseInteger } from '../../arguments/option-values.ts';
import { addConnectionOptions, connect, wantsJson } from '../../connection.ts';
import { queueDetails } from '../../display/queue-details.ts';
import { write, writeJson } from '../../output.ts';
import { UsageError } from '../../usage-error.ts';

interface RuleOptions extends LimitOptions, JobDefaultOptions, EngineOptions {
  priority?: number;
}

export function defineQueueCreate(command: Command): void {
  defineRules(command, (client, name, rules) => client.queues.create({ name, ...rules }));
}

export function defineQueueSet(command: Command): void {
  command.addHelpText(
    'after',
    '\nWhat is not named stays as it is; `none` removes a limit, the engine or its options. A new limit stops nothing that runs.',
  );
  defineRules(command, (client, name, rules) => {
    if (Object.keys(rules).length === 0) throw new UsageError('nothing is named that is to change');
    return client.queues.change(name, rules);
  });
}

function defineRules(
  command: Command,
  carryOut: (client: DroverClient, name: string, rules: QueueRules) => Promise<Queue>,
): void {
  command
    .argument('<name>', 'name of the queue')
    .option('--priority <n>', 'higher ones come first, from -1000 to 1000', parseInteger);
  addEngineOptions(addJobDefaultOptions(addLimitOptions(command)), 'jobs that name none');
  addConnectionOptions(command);
  command.action(async (name: string, options: RuleOptions) => {
    const queue = await carryOut(connect(command), name, rulesOf(options));
    await (wantsJson(command) ? writeJson(queue) : write(queueDetails(queue, process.stdout)));
  });
}

function rulesOf({ priority, ...options }: RuleOptions): QueueRules {
  const limits = limitsOf(options);
  const { engine } = options;
  const engineOptions = options.engineOption?.join() === 'none' ? {} : engineOptionsOf(options);
  return {
    ...(priority === undefined ? {} : { priority }),
    ...(limits === undefined ? {} : { limits }),
    ...jobDefaultsOf(options),
    ...(engine === undefined ? {} : { engine: engine === 'none' ? null : engine }),
    ...(engineOptions === undefined ? {} : { engine_options: engineOptions }),
  };
}

import type { TenantRules } from '@drover/client/tenant';
import type { Command } from 'commander';
import { addLimitOptions, type LimitOptions, limitsOf } from '../../arguments/holding-limits.ts';
import { parseAmount } from '../../arguments/option-values.ts';
import { addConnectionOptions, connect, wantsJson } from '../../connection.ts';
import { tenantDetails } from '../../display/tenant-details.ts';
import { write, writeJson } from '../../output.ts';
import { UsageError } from '../../usage-error.ts';

interface RuleOptions extends LimitOptions {
  weight?: number;
  defaultQueue?: string;
}

export function defineTenantSet(command: Command): void {
  command
    .argument('<name>', 'name of the tenant')
    .option('--weight <n>', 'with 2 it may hold twice as much before others come first; 1 at first', parseAmount)
    .option('--default-queue <queue>', 'where its jobs go that name no queue');
  addConnectionOptions(addLimitOptions(command)).addHelpText(
    'after',
    '\nWhat is not named stays as it is; `none` removes a limit. A new limit stops nothing that runs.',
  );
  command.action(async (name: string, options: RuleOptions) => {
    const rules = rulesOf(options);
    if (Object.keys(rules).length === 0) throw new UsageError('nothing is named that is to change');
    const tenant = await connect(command).tenants.change(name, rules);
    await (wantsJson(command) ? writeJson(tenant) : write(tenantDetails(tenant, process.stdout)));
  });
}

function rulesOf({ weight, defaultQueue, ...options }: RuleOptions): TenantRules {
  const quota = limitsOf(options);
  return {
    ...(weight === undefined ? {} : { weight }),
    ...(quota === undefined ? {} : { quota }),
    ...(defaultQueue === undefined ? {} : { default_queue: defaultQueue }),
  };
}

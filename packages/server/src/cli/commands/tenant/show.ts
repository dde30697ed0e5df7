import type { Command } from 'commander';
import { addConnectionOptions, connect, wantsJson } from '../../connection.ts';
import { tenantDetails } from '../../display/tenant-details.ts';
import { write, writeJson } from '../../output.ts';

export function defineTenantShow(command: Command): void {
  command.argument('<name>', 'name of the tenant');
  addConnectionOptions(command);
  command.action(async (name: string) => {
    const tenant = await connect(command).tenants.get(name);
    await (wantsJson(command) ? writeJson(tenant) : write(tenantDetails(tenant, process.stdout)));
  });
}

import type { Command } from 'commander';
import { addConnectionOptions, connect, wantsJson } from '../../connection.ts';
import { createTable } from '../../display/table.ts';
import { TENANT_TABLE, tenantRow } from '../../display/tenant-rows.ts';
import { terminalWidth } from '../../display/terminal-width.ts';
import { note, write, writeJson } from '../../output.ts';

const HELP = `
SHARE is the largest part that a tenant's running jobs hold of any one thing, LATELY the same averaged over time. Behind a slash
stands the quota.`;

export function defineTenantList(command: Command): void {
  addConnectionOptions(command).addHelpText('after', HELP);
  command.action(async () => {
    const tenants = await connect(command).tenants.list();
    if (wantsJson(command)) {
      for (const tenant of tenants) await writeJson(tenant);
      return;
    }
    if (tenants.length === 0) return note('no tenant has rules or jobs');
    const table = createTable(TENANT_TABLE, terminalWidth(process.stdout));
    await write(table.render(tenants.map(tenantRow)));
  });
}

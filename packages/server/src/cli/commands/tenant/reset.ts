import type { Command } from 'commander';
import { addConnectionOptions, connect, wantsJson } from '../../connection.ts';
import { visibleText } from '../../display/visible-text.ts';
import { forEachNamed } from '../../each-named.ts';
import { write, writeJson } from '../../output.ts';

export function defineTenantReset(command: Command): void {
  command.argument('<name...>', 'names of the tenants');
  addConnectionOptions(command);
  command.action(async (names: string[]) => {
    const client = connect(command);
    const isJson = wantsJson(command);
    await forEachNamed(names, isJson, async (name) => {
      await client.tenants.reset(name);
      await (isJson
        ? writeJson({ name, reset: true })
        : write(`nothing is set any more about tenant ${visibleText(name)}\n`));
    });
  });
}

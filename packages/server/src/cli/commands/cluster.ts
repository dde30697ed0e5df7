import type { Command } from 'commander';
import { addConnectionOptions, connect, wantsJson } from '../connection.ts';
import { ENGINE_TABLE, engineRow, NODE_TABLE, nodeRow } from '../display/node-rows.ts';
import { createTable } from '../display/table.ts';
import { terminalWidth } from '../display/terminal-width.ts';
import { note, write, writeJson } from '../output.ts';

export function defineCluster(command: Command): void {
  addConnectionOptions(command).addHelpText('after', '\nIn front of a slash stands what is in use.');
  command.action(async () => {
    const cluster = await connect(command).cluster();
    if (wantsJson(command)) return writeJson(cluster);
    const width = terminalWidth(process.stdout);
    // One line for the only engine would repeat that of its only node.
    if (cluster.engines.length > 1) {
      const engines = cluster.engines.map((engine) => engineRow(engine, process.stdout));
      await write(`${createTable(ENGINE_TABLE, width).render(engines)}\n`);
    }
    const table = createTable(NODE_TABLE, width);
    await write(table.render(cluster.nodes.map((node) => nodeRow(node, process.stdout))));
    note(`${cluster.running} running, ${cluster.waiting} waiting for their turn`);
  });
}

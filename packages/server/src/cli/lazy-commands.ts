import type { Command } from 'commander';
import { addConnectionOptions } from './connection.ts';

/** A command as the overview shows it; what it takes and does is loaded when it is called. */
export interface CommandEntry {
  name: string;
  summary: string;
  load: () => Promise<(command: Command) => void>;
}

/** A command that only has others behind it. */
export interface CommandGroup {
  name: string;
  summary: string;
  commands: readonly CommandEntry[];
}

export function addLazyCommands(parent: Command, entries: readonly (CommandEntry | CommandGroup)[]): void {
  for (const { name, summary } of entries) parent.command(name).description(summary);
  parent.hook('preSubcommand', async (_, command) => {
    const entry = entries.find(({ name }) => name === command.name());
    if (entry === undefined) return;
    const define = 'commands' in entry ? defineGroup(entry) : await entry.load();
    define(command);
  });
}

/** What a group takes itself are the options that every command has. */
export function defineGroup({ commands }: CommandGroup): (command: Command) => void {
  return (command) => addLazyCommands(addConnectionOptions(command), commands);
}

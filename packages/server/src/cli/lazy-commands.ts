import type { Command } from 'commander';
import { addConnectionOptions } from './connection.ts';

/** A command as the overview shows it; what it takes and does is loaded when it is called. */
export interface CommandEntry {
  name: string;
  /** Another name for it. */
  alias?: string;
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
  for (const entry of entries) {
    const command = parent.command(entry.name).description(entry.summary);
    if ('alias' in entry && entry.alias !== undefined) command.alias(entry.alias);
  }
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

import { Argument, Command } from 'commander';
import { COMMANDS } from '../command-table.ts';
import { COMPLETED_SHELLS, type CompletedShell, type CompletionEntry, completionScript } from '../completion-script.ts';
import { type CommandEntry, type CommandGroup, defineGroup } from '../lazy-commands.ts';
import { write } from '../output.ts';

const HELP = `
  bash: eval "$(drover completion bash)" in ~/.bashrc
  zsh:  eval "$(drover completion zsh)" in ~/.zshrc
  fish: drover completion fish > ~/.config/fish/completions/drover.fish`;

export function defineCompletion(command: Command): void {
  command
    .addArgument(new Argument('<shell>', 'shell to complete for').choices(COMPLETED_SHELLS))
    .addHelpText('after', HELP);
  command.action(async (shell: CompletedShell) => {
    await write(completionScript(shell, (await Promise.all(COMMANDS.map(describe))).flat()));
  });
}

/** The flags come from the commands themselves, which are all loaded for it. */
async function describe(entry: CommandEntry | CommandGroup): Promise<CompletionEntry[]> {
  const { name, summary } = entry;
  const command = new Command(name);
  const isGroup = 'commands' in entry;
  const define = isGroup ? defineGroup(entry) : await entry.load();
  define(command);
  const flags = command.options.flatMap(({ long, argChoices = [] }) =>
    long === undefined || long === null ? [] : { name: long, choices: argChoices },
  );
  const commands = isGroup ? (await Promise.all(entry.commands.map(describe))).flat() : [];
  const names = isGroup || entry.alias === undefined ? [name] : [name, entry.alias];
  return names.map((known) => ({
    name: known,
    ...{ summary, flags: [...flags, { name: '--help', choices: [] }], commands },
  }));
}

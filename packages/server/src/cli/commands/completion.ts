import { Argument, Command } from 'commander';
import { COMMANDS } from '../command-table.ts';
import { COMPLETED_SHELLS, type CompletedShell, type CompletionEntry, completionScript } from '../completion-script.ts';
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
    await write(completionScript(shell, await Promise.all(COMMANDS.map(describe))));
  });
}

/** The flags come from the commands themselves, which are all loaded for it. */
async function describe({ name, summary, load }: (typeof COMMANDS)[number]): Promise<CompletionEntry> {
  const command = new Command(name);
  const define = await load();
  define(command);
  const flags = command.options.flatMap(({ long }) => long ?? []);
  return { name, summary, flags: [...flags, '--help'] };
}

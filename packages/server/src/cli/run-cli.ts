import { Command, CommanderError } from 'commander';
import { readVersion } from '../version.ts';
import { COMMANDS } from './command-table.ts';
import { addConnectionOptions, wantsJson } from './connection.ts';
import { EXIT } from './exit-codes.ts';
import { guardOutput } from './output.ts';
import { reportError } from './report-error.ts';

/** Runs the command line; the outcome is in `process.exitCode`, so that what was written can drain first. */
export async function runCli(args: readonly string[]): Promise<void> {
  guardOutput();
  let isJson = false;
  const program = createProgram(await readVersion());
  program.hook('preAction', (_, command) => {
    isJson = wantsJson(command);
  });
  try {
    // `drover help list` is `drover list --help`: commander's own help command would miss what is loaded late.
    const [first, ...rest] = args;
    await program.parseAsync(first === 'help' ? [...rest, '--help'] : args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
    else process.exitCode = reportError(error, isJson);
  }
}

function createProgram(version: string): Command {
  const program = new Command('drover');
  program
    .description('Durable job service: hands in driver programs, follows them, and never loses track of them.')
    .version(version, '--version', 'show the version of this program')
    .exitOverride()
    .helpCommand(false)
    .enablePositionalOptions()
    .showHelpAfterError('(--help shows what is possible)')
    .addHelpText('after', "\n`drover COMMAND --help` shows a command's own options.");
  addConnectionOptions(program);

  for (const { name, summary } of COMMANDS) program.command(name).description(summary);
  program.hook('preSubcommand', async (_, command) => {
    const entry = COMMANDS.find(({ name }) => name === command.name());
    const define = await entry?.load();
    define?.(command);
  });
  return program;
}

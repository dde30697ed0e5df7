import { Command, CommanderError } from 'commander';
import { readVersion } from '../version.ts';
import { COMMANDS } from './command-table.ts';
import { addConnectionOptions, wantsJson } from './connection.ts';
import { EXIT } from './exit-codes.ts';
import { addLazyCommands } from './lazy-commands.ts';
import { guardOutput } from './output.ts';
import { reportError } from './report-error.ts';
import { UsageError } from './usage-error.ts';

/** Runs the command line; the outcome is in `process.exitCode`, so that what was written can drain first. */
export async function runCli(args: readonly string[]): Promise<void> {
  guardOutput();
  let isJson = asksForJson(args);
  const program = createProgram(await readVersion(), isJson);
  program.hook('preAction', (_, command) => {
    isJson = wantsJson(command);
  });
  try {
    // `drover help list` is `drover list --help`: commander's own help command would miss what is loaded late.
    const [first, ...rest] = args;
    await program.parseAsync(first === 'help' ? [...rest, '--help'] : args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) process.exitCode = reportError(error, isJson);
    else if (error.exitCode === 0) process.exitCode = 0;
    else process.exitCode = isJson ? reportError(usageErrorOf(error), isJson) : EXIT.usage;
  }
}

/**
 * Whether errors are to be JSON while the command line is not understood yet. What stands behind `--` belongs to a job's
 * command.
 */
function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? args.length : end).includes('--json');
}

/** commander's words as one sentence. What it throws for no command at all has no words: the help was to say it. */
function usageErrorOf(error: CommanderError): UsageError {
  const isWordless = error.code === 'commander.help';
  const sentence = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  return new UsageError(isWordless ? 'no command is named' : sentence, { cause: error });
}

function createProgram(version: string, isJson: boolean): Command {
  const program = new Command('drover');
  // Errors are written as JSON when they are caught.
  if (isJson) program.configureOutput({ writeErr: () => {}, outputError: () => {} });
  program
    .description('Durable job service: hands in driver programs, follows them, and never loses track of them.')
    .version(version, '--version', 'show the version of this program')
    .exitOverride()
    .helpCommand(false)
    .enablePositionalOptions()
    .showHelpAfterError('(--help shows what is possible)')
    .addHelpText('after', "\n`drover COMMAND --help` shows a command's own options.");
  addConnectionOptions(program);
  addLazyCommands(program, COMMANDS);
  return program;
}

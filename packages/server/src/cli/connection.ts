import { readFileSync } from 'node:fs';
import { createClient, type DroverClient } from '@drover/client';
import type { Command } from 'commander';
import { quoteForShell } from './arguments/shell-command.ts';
import { UsageError } from './usage-error.ts';

/** The options that every command has, before or behind its name. */
interface ConnectionOptions {
  address?: string;
  tokenFile?: string;
  json?: boolean;
}

const DEFAULT_ADDRESS = 'http://127.0.0.1:8888';

export function addConnectionOptions(command: Command): Command {
  return command
    .option('--address <url>', `server to talk to (DROVER_ADDRESS; default ${DEFAULT_ADDRESS})`)
    .option('--token-file <file>', 'file with the token to send (DROVER_TOKEN_FILE; or the token in DROVER_TOKEN)')
    .option('--json', "write the API's own objects, one per line; errors as JSON too");
}

/** A client as the options and the environment say. */
export function connect(command: Command): DroverClient {
  const { tokenFile } = connectionOptions(command);
  try {
    return createClient({ address: addressOf(command), token: findToken(tokenFile) });
  } catch (error) {
    // The client throws a TypeError for an address or a token that cannot be used.
    throw error instanceof TypeError ? new UsageError(error.message, { cause: error }) : error;
  }
}

/** Of the server that the options and the environment name. */
export function addressOf(command: Command): string {
  return connectionOptions(command).address ?? (process.env.DROVER_ADDRESS || DEFAULT_ADDRESS);
}

export function wantsJson(command: Command): boolean {
  return connectionOptions(command).json === true;
}

/** A command line that reaches the same server, to show to the user. */
export function commandLine(command: Command, words: readonly string[]): string {
  const { address, tokenFile } = connectionOptions(command);
  const options = [
    ...(address === undefined ? [] : ['--address', address]),
    ...(tokenFile === undefined ? [] : ['--token-file', tokenFile]),
  ];
  return ['drover', ...words, ...options].map(quoteForShell).join(' ');
}

/** What stands nearest to the end of the command line wins. */
function connectionOptions(command: Command): ConnectionOptions {
  const before = command.parent === null ? {} : connectionOptions(command.parent);
  return { ...before, ...command.opts<ConnectionOptions>() };
}

function findToken(tokenFile: string | undefined): string | undefined {
  const { DROVER_TOKEN: token, DROVER_TOKEN_FILE: variable } = process.env;
  if (tokenFile === undefined && token) return token;
  const path = tokenFile ?? variable;
  if (!path) return undefined;
  let content: string;
  try {
    content = readFileSync(path, 'utf8').trim();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`the token file cannot be read: ${reason}`, { cause: error });
  }
  if (content === '') throw new UsageError(`the token file ${path} is empty`);
  return content;
}

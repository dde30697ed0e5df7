import { DroverApiError, DroverUnreachableError } from '@drover/client/errors';
import type { ServerVersion } from '@drover/client/job';
import type { Command } from 'commander';
import { readVersion } from '../../version.ts';
import { addConnectionOptions, connect, wantsJson } from '../connection.ts';
import { note, write, writeJson } from '../output.ts';

export function defineVersion(command: Command): void {
  addConnectionOptions(command).addHelpText('after', '\nA server that cannot be asked is no error here.');
  command.action(async () => {
    const client = connect(command);
    const own = await readVersion();
    const isJson = wantsJson(command);
    if (!isJson) await write(`drover ${own}\n`);
    let server: ServerVersion | null = null;
    try {
      server = await client.version();
    } catch (error) {
      if (!(error instanceof DroverApiError) && !(error instanceof DroverUnreachableError)) throw error;
      note(`the server's version is not known: ${error.message}`);
    }
    if (isJson) await writeJson({ client: own, server });
    else if (server !== null) await write(`server ${server.version} (API ${server.api}, node ${server.node_id})\n`);
  });
}

import type { DroverClient } from '@drover/client';
import type { JobEvent } from '@drover/client/job';
import type { Command } from 'commander';
import { addConnectionOptions, connect, wantsJson } from '../connection.ts';
import { createTable } from '../display/table.ts';
import { formatLocalTime } from '../display/times.ts';
import { write, writeJson } from '../output.ts';

export function defineEvents(command: Command): void {
  command.argument('<id>', 'id of the job');
  addConnectionOptions(command);
  command.action(async (id: string) => {
    const client = connect(command);
    const isJson = wantsJson(command);
    const table = createTable(['TIME', 'WHAT', 'DETAIL'], process.stdout.isTTY ? process.stdout.columns : null);
    for await (const events of batches(client, id)) {
      if (isJson) for (const event of events) await writeJson(event);
      else await write(table.render(events.map(eventRow)));
    }
  });
}

/** The history in batches, each where the one before ended. */
async function* batches(client: DroverClient, id: string): AsyncGenerator<JobEvent[]> {
  let after: number | undefined;
  for (;;) {
    const events = await client.events(id, { after });
    if (events.length === 0) return;
    yield events;
    after = events.at(-1)?.id;
  }
}

function eventRow({ at, type, detail }: JobEvent): { text: string }[] {
  const described = Object.entries(detail)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return [{ text: formatLocalTime(at) }, { text: type }, { text: described.join(' ') }];
}

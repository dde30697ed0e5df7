import type { DroverClient } from '@drover/client';
import type { JobEvent } from '@drover/client/job';
import type { Command } from 'commander';
import { addConnectionOptions, connect, wantsJson } from '../connection.ts';
import { createTable } from '../display/table.ts';
import { terminalWidth } from '../display/terminal-width.ts';
import { formatLocalTime } from '../display/times.ts';
import { note, write, writeJson } from '../output.ts';
import { UsageError } from '../usage-error.ts';

export function defineEvents(command: Command): void {
  command
    .argument('[id]', 'id of the job; without one, with --follow, what happens to all jobs from now on')
    .option('-f, --follow', 'go on as it happens, until the job has ended');
  addConnectionOptions(command);
  command.action(async (id: string | undefined, { follow }: { follow?: boolean }) => {
    if (id === undefined && !follow) throw new UsageError('name a job, or say --follow for the events of all jobs');
    const client = connect(command);
    const isJson = wantsJson(command);
    const isOfAll = id === undefined;
    const header = ['TIME', ...(isOfAll ? ['JOB'] : []), 'WHAT', 'DETAIL'];
    const table = createTable({ header }, terminalWidth(process.stdout));
    for await (const events of isOfAll || follow ? followed(client, id ?? null) : batches(client, id)) {
      if (isJson) for (const event of events) await writeJson(event);
      else await write(table.render(events.map((event) => eventRow(event, isOfAll))));
    }
  });
}

/** One at a time, as they happen. */
async function* followed(client: DroverClient, id: string | null): AsyncGenerator<JobEvent[]> {
  const onGap = ({ after }: { after: number }) => note(`events behind ${after} are gone with their jobs`);
  for await (const event of client.followEvents(id, { onGap })) yield [event];
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

function eventRow({ at, job_id: jobId, type, detail }: JobEvent, isOfAll: boolean): { text: string }[] {
  const described = Object.entries(detail)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return [
    { text: formatLocalTime(at) },
    ...(isOfAll ? [{ text: jobId }] : []),
    { text: type },
    { text: described.join(' ') },
  ];
}

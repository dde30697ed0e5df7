import type { DroverClient } from '@drover/client';
import type { Job } from '@drover/client/job';
import { type Command, Option } from 'commander';
import { addFilterOptions, type FilterOptions, readFilter } from '../arguments/job-filter.ts';
import { parseLimit } from '../arguments/option-values.ts';
import { addConnectionOptions, connect, wantsJson } from '../connection.ts';
import { JOB_TABLE, jobRow } from '../display/job-rows.ts';
import { createTable } from '../display/table.ts';
import { terminalWidth } from '../display/terminal-width.ts';
import { note, write, writeJson } from '../output.ts';

interface ListOptions extends FilterOptions {
  limit: number;
  all?: boolean;
}

const LONGEST_PAGE = 100;

export function defineList(command: Command): void {
  addFilterOptions(command)
    .option('--limit <n>', 'so many jobs at most', parseLimit, 50)
    .addOption(new Option('--all', 'all jobs, however many').conflicts('limit'));
  addConnectionOptions(command);

  command.action(async (options: ListOptions) => {
    const client = connect(command);
    if (wantsJson(command)) {
      for await (const page of pages(client, options)) for (const job of page.jobs) await writeJson(job);
      return;
    }
    const table = createTable(JOB_TABLE, terminalWidth(process.stdout));
    let shown = 0;
    let isMore = false;
    for await (const page of pages(client, options)) {
      const nowMs = Date.now();
      if (page.jobs.length > 0) await write(table.render(page.jobs.map((job) => jobRow(job, nowMs, process.stdout))));
      shown += page.jobs.length;
      isMore = page.isMore;
    }
    if (shown === 0) note('no jobs');
    else if (isMore) note(`there are more: --limit N for so many, --all for all`);
  });
}

/** Page after page up to the limit, so that a long list is never held. */
async function* pages(client: DroverClient, options: ListOptions): AsyncGenerator<{ jobs: Job[]; isMore: boolean }> {
  const filter = readFilter(options);
  let left = options.all ? Number.POSITIVE_INFINITY : options.limit;
  let cursor: string | undefined;
  do {
    const page = await client.list({ ...filter, cursor, limit: Math.min(LONGEST_PAGE, left) });
    yield { jobs: page.jobs, isMore: page.next_cursor !== null };
    left -= page.jobs.length;
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined && left > 0);
}

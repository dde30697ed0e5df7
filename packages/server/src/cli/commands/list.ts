import type { DroverClient } from '@drover/client';
import type { Job, JobSort } from '@drover/client/job';
import { type Command, Option } from 'commander';
import { addFilterOptions, type FilterOptions, type JobFilter, readFilter } from '../arguments/job-filter.ts';
import { parseLimit } from '../arguments/option-values.ts';
import { addConnectionOptions, connect, wantsJson } from '../connection.ts';
import { JOB_TABLE, jobRow } from '../display/job-rows.ts';
import { createTable } from '../display/table.ts';
import { terminalWidth } from '../display/terminal-width.ts';
import { createElementFold, type ElementFold } from '../fold-elements.ts';
import { note, write, writeJson } from '../output.ts';

interface ListOptions extends FilterOptions {
  sort?: JobSort;
  limit: number;
  elements?: boolean;
  all?: boolean;
}

const SORTS: readonly JobSort[] = ['submitted_at', '-submitted_at', 'ended_at', '-ended_at', 'id', '-id'];
const LONGEST_PAGE = 100;
/** So that a limit is one also where nearly all jobs are elements of few arrays. */
const JOBS_PER_LINE = 20;

const HELP = `
An array is one line, without its elements, unless --status, --search, --elements or --json asks for jobs one by one.`;

export function defineList(command: Command): void {
  addFilterOptions(command)
    .addOption(
      new Option(
        '--sort <order>',
        'by submit, end or id; with a minus the last first (default: the newest first)',
      ).choices(SORTS),
    )
    .option('--limit <n>', 'so many jobs at most', parseLimit, 50)
    .option('--elements', 'elements of arrays one by one')
    .addOption(new Option('--all', 'all jobs, however many').conflicts('limit'));
  addConnectionOptions(command).addHelpText('after', HELP);

  command.action(async (options: ListOptions) => {
    const client = connect(command);
    const filter = readFilter(options);
    const query = { ...filter, sort: options.sort };
    const most = options.all ? Number.POSITIVE_INFINITY : options.limit;
    if (wantsJson(command)) {
      for await (const page of pages(client, query, most, keepAll)) for (const job of page.jobs) await writeJson(job);
      return;
    }
    const table = createTable(JOB_TABLE, terminalWidth(process.stdout));
    let shown = 0;
    let isMore = false;
    const isOneByOne =
      options.elements || filter.status !== undefined || filter.text !== undefined || filter.array !== undefined;
    const fold = isOneByOne ? keepAll : createElementFold((id) => client.get(id));
    for await (const page of pages(client, query, most, fold)) {
      const nowMs = Date.now();
      if (page.jobs.length > 0) await write(table.render(page.jobs.map((job) => jobRow(job, nowMs, process.stdout))));
      shown += page.jobs.length;
      isMore = page.isMore;
    }
    if (shown === 0) note('no jobs');
    else if (isMore) note(`there are more: --limit N for so many, --all for all`);
  });
}

const keepAll: ElementFold = async (jobs) => [...jobs];

/** Page after page up to the limit, so that a long list is never held. */
async function* pages(
  client: DroverClient,
  query: JobFilter & { sort?: JobSort | undefined },
  most: number,
  fold: ElementFold,
): AsyncGenerator<{ jobs: Job[]; isMore: boolean }> {
  let left = most;
  let unseen = JOBS_PER_LINE * most;
  let isFolded = false;
  let cursor: string | undefined;
  do {
    const page = await client.list({
      ...query,
      cursor,
      limit: isFolded ? LONGEST_PAGE : Math.min(LONGEST_PAGE, left),
    });
    const jobs = await fold(page.jobs);
    yield { jobs: jobs.slice(0, left), isMore: page.next_cursor !== null || jobs.length > left };
    isFolded ||= jobs.length < page.jobs.length;
    left -= jobs.length;
    unseen -= page.jobs.length;
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined && left > 0 && unseen > 0);
}

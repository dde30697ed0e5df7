import type { DroverClient } from '@drover/client';
import type { Job, JobStatus } from '@drover/client/job';
import { type Command, InvalidArgumentError, Option } from 'commander';
import * as values from '../arguments/option-values.ts';
import { addConnectionOptions, connect, wantsJson } from '../connection.ts';
import { JOB_TABLE, jobRow } from '../display/job-rows.ts';
import { createTable } from '../display/table.ts';
import { terminalWidth } from '../display/terminal-width.ts';
import { note, write, writeJson } from '../output.ts';

interface ListOptions {
  status?: JobStatus[];
  metadata?: Record<string, string>;
  search?: string;
  tenant?: string;
  since?: Date;
  until?: Date;
  limit: number;
  all?: boolean;
}

const STATUSES: readonly JobStatus[] = ['PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'STOPPED'];
const LONGEST_PAGE = 100;

export function defineList(command: Command): void {
  command
    .option('--status <status>', `${STATUSES.join(', ')} (repeatable, or with commas)`, collectStatus)
    .option('--metadata <K=V>', 'jobs with this in their metadata (repeatable)', values.collectPair)
    .option('--search <text>', 'jobs with this in their id, command or metadata')
    .option('--tenant <tenant>', 'jobs of this tenant')
    .option('--since <time>', 'submitted since: 2h (ago), or 2026-11-23T10:00:00Z', values.parseTimePoint)
    .option('--until <time>', 'submitted before: as for --since', values.parseTimePoint)
    .option('--limit <n>', 'so many jobs at most', values.parseLimit, 50)
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
  const { status, metadata, search: text, tenant, since: submittedAfter, until: submittedBefore } = options;
  const query = { status, metadata, text, tenant, submittedAfter, submittedBefore };
  let left = options.all ? Number.POSITIVE_INFINITY : options.limit;
  let cursor: string | undefined;
  do {
    const page = await client.list({ ...query, cursor, limit: Math.min(LONGEST_PAGE, left) });
    yield { jobs: page.jobs, isMore: page.next_cursor !== null };
    left -= page.jobs.length;
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined && left > 0);
}

function collectStatus(value: string, previous: readonly JobStatus[] = []): JobStatus[] {
  const statuses = value.split(',').map((word) => {
    const status = STATUSES.find((known) => known === word.trim().toUpperCase());
    if (status === undefined) throw new InvalidArgumentError(`Allowed choices are ${STATUSES.join(', ')}.`);
    return status;
  });
  return [...previous, ...statuses];
}

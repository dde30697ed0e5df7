import type { BulkAnswer } from './job.ts';
import { filterParams, type JobFilter } from './job-list.ts';
import { parseBulkAnswer } from './parse-answer.ts';
import type { Transport } from './transport.ts';

/** Whom a call means that is about many jobs. */
export interface BulkFilter extends JobFilter {
  /** Every job for which the call makes sense; has to be true where nothing else is given. */
  all?: boolean | undefined;
}

export interface BulkOptions {
  /** Counts what would be done, and does nothing. Default false. */
  dryRun?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

/** @throws {TypeError} for an empty list of statuses, which matches no job: left out, it would not narrow anything. */
export async function changeMany(
  transport: Transport,
  action: 'stop' | 'delete' | 'retry',
  { all, ...filter }: BulkFilter,
  { dryRun, signal, graceMs }: BulkOptions & { graceMs?: number | undefined },
): Promise<BulkAnswer> {
  if (filter.status?.length === 0) throw new TypeError('an empty list of statuses matches no job');
  const query = filterParams(filter);
  if (all === true) query.set('all', 'true');
  const body = {
    ...(dryRun === true ? { dry_run: true } : {}),
    ...(graceMs === undefined ? {} : { grace_seconds: graceMs / 1000 }),
  };
  return parseBulkAnswer(await transport.sendForJson({ method: 'POST', path: `/jobs/${action}`, query, body, signal }));
}

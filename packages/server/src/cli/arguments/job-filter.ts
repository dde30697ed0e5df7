import type { JobStatus } from '@drover/client/job';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../usage-error.ts';
import { collectPair, parseTimePoint } from './option-values.ts';

/** Which jobs are meant; everything given must hold. */
export interface JobFilter {
  /** Any of these. */
  status?: JobStatus[] | undefined;
  metadata?: Record<string, string> | undefined;
  text?: string | undefined;
  tenant?: string | undefined;
  queue?: string | undefined;
  /** Elements of this array. */
  array?: string | undefined;
  /** Jobs that this schedule has made. */
  schedule?: string | undefined;
  submittedAfter?: Date | undefined;
  submittedBefore?: Date | undefined;
}

/** What the options of {@link addFilterOptions} are called by commander. */
export interface FilterOptions {
  status?: JobStatus[];
  metadata?: Record<string, string>;
  search?: string;
  tenant?: string;
  queue?: string;
  array?: string;
  schedule?: string;
  since?: Date;
  until?: Date;
  filter?: JobFilter;
}

const STATUSES: readonly JobStatus[] = ['PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'STOPPED'];
const NAMES = 'status, tenant, queue, array, schedule, metadata.KEY, q, submitted_after, submitted_before';
const METADATA_PREFIX = 'metadata.';

/** The options that choose jobs, the same for every command. */
export function addFilterOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--status <status>', 'jobs in this status (repeatable, or with commas)')
        .choices(STATUSES)
        .argParser(collectStatus),
    )
    .option('--metadata <K=V>', 'jobs with this in their metadata (repeatable)', collectPair)
    .option('--search <text>', 'jobs with this in their id, command or metadata')
    .option('--tenant <tenant>', 'jobs of this tenant')
    .option('--queue <queue>', 'jobs of this queue')
    .option('--array <id>', 'elements of this array')
    .option('--schedule <name>', 'jobs that this schedule has made')
    .option('--since <time>', 'submitted since: 2h (ago), or 2026-11-23T10:00:00Z', parseTimePoint)
    .option('--until <time>', 'submitted before: as for --since', parseTimePoint)
    .option('--filter <NAME=VALUE>', `the same by the API's names: ${NAMES} (repeatable)`, collectFilter);
}

/** What the options say together. @throws {UsageError} where `--filter` says once more what another option says. */
export function readFilter({ filter = {}, ...options }: FilterOptions): JobFilter {
  const either = <T>(flag: string, given: T | undefined, named: T | undefined): T | undefined => {
    if (given !== undefined && named !== undefined) throw new UsageError(`${flag} and --filter say the same twice`);
    return given ?? named;
  };
  const keys = Object.keys(options.metadata ?? {});
  if (keys.some((key) => Object.hasOwn(filter.metadata ?? {}, key))) {
    throw new UsageError('--metadata and --filter name the same key');
  }
  const status = [...(options.status ?? []), ...(filter.status ?? [])];
  const metadata = { ...options.metadata, ...filter.metadata };
  return {
    status: status.length === 0 ? undefined : status,
    metadata: Object.keys(metadata).length === 0 ? undefined : metadata,
    text: either('--search', options.search, filter.text),
    tenant: either('--tenant', options.tenant, filter.tenant),
    queue: either('--queue', options.queue, filter.queue),
    array: either('--array', options.array, filter.array),
    schedule: either('--schedule', options.schedule, filter.schedule),
    submittedAfter: either('--since', options.since, filter.submittedAfter),
    submittedBefore: either('--until', options.until, filter.submittedBefore),
  };
}

function collectStatus(value: string, previous: readonly JobStatus[] = []): JobStatus[] {
  const statuses = value.split(',').map((word) => {
    const status = STATUSES.find((known) => known === word.trim().toUpperCase());
    if (status === undefined) throw new InvalidArgumentError(`Allowed choices are ${STATUSES.join(', ')}.`);
    return status;
  });
  return [...previous, ...statuses];
}

function collectFilter(value: string, previous: JobFilter = {}): JobFilter {
  const at = value.indexOf('=');
  const [name, text] = [value.slice(0, at), value.slice(at + 1)];
  const first = <T>(before: T | undefined, given: T): T => {
    if (before === undefined) return given;
    throw new InvalidArgumentError(`${name} is given twice.`);
  };
  if (name.startsWith(METADATA_PREFIX) && name !== METADATA_PREFIX) {
    const known = new Map(Object.entries(previous.metadata ?? {}));
    const key = name.slice(METADATA_PREFIX.length);
    return { ...previous, metadata: { ...previous.metadata, [key]: first(known.get(key), text) } };
  }
  switch (name) {
    case 'status':
      return { ...previous, status: collectStatus(text, previous.status) };
    case 'tenant':
      return { ...previous, tenant: first(previous.tenant, text) };
    case 'queue':
      return { ...previous, queue: first(previous.queue, text) };
    case 'array':
      return { ...previous, array: first(previous.array, text) };
    case 'schedule':
      return { ...previous, schedule: first(previous.schedule, text) };
    case 'q':
      return { ...previous, text: first(previous.text, text) };
    case 'submitted_after':
      return { ...previous, submittedAfter: first(previous.submittedAfter, parseTimePoint(text)) };
    case 'submitted_before':
      return { ...previous, submittedBefore: first(previous.submittedBefore, parseTimePoint(text)) };
    default:
      throw new InvalidArgumentError(`It must look like NAME=VALUE, with one of the names ${NAMES}.`);
  }
}

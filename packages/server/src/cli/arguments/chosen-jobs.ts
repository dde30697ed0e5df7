import type { Command } from 'commander';
import { UsageError } from '../usage-error.ts';
import { addFilterOptions, type FilterOptions, type JobFilter, readFilter } from './job-filter.ts';

/** A filter that was given for what changes jobs; `all` where it was said, and nothing may narrow it then. */
export type BulkFilter = JobFilter & { all?: boolean };

export interface ChoiceOptions extends FilterOptions {
  all?: boolean;
  dryRun?: boolean;
  yes?: boolean;
}

const HELP = `
Jobs are named by their ids, or chosen by filters, as drover list has them; all that are given must hold. Where more than
one job matches, you are asked on a terminal. Elsewhere, and with --json, nobody is asked: filters are taken at their word, and
--all without any wants --yes.`;

/**
 * Ids, or the options that choose jobs instead.
 *
 * @param all which jobs `--all` means
 */
export function addChoice(command: Command, all: string): Command {
  return addFilterOptions(command.argument('[id...]', 'ids of the jobs, or none with filters'))
    .option('--all', `${all}, if no filter narrows it`)
    .option('--dry-run', 'say how many match, and do nothing')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', HELP);
}

/** The filter; null where jobs are named by their ids. @throws {UsageError} where neither is there, or both. */
export function chosenFilter(ids: readonly string[], options: ChoiceOptions): BulkFilter | null {
  const filter: BulkFilter = { ...readFilter(options), ...(options.all ? { all: true } : {}) };
  const isGiven = options.all === true || isNarrowed(filter);
  if (ids.length > 0 && isGiven) throw new UsageError('jobs are named by their ids or chosen by filters, not both');
  if (ids.length > 0 && options.dryRun) throw new UsageError('--dry-run is for filters');
  if (ids.length === 0 && !isGiven) {
    throw new UsageError('no jobs are named: give their ids, or filters such as --status PENDING, or --all');
  }
  return isGiven ? filter : null;
}

/** Whether the filter says more than `all`. */
export function isNarrowed({ all: _, ...filter }: BulkFilter): boolean {
  return Object.values(filter).some((part) => part !== undefined);
}

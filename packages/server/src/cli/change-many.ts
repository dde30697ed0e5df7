import type { BulkAnswer } from '@drover/client/job';
import { type BulkFilter, type ChoiceOptions, isNarrowed } from './arguments/chosen-jobs.ts';
import { canAsk, confirm } from './confirm.ts';
import { type BulkAction, describeBulkAnswer, jobCount } from './display/bulk-answer.ts';
import { EXIT } from './exit-codes.ts';
import { note, write, writeJson } from './output.ts';
import { UsageError } from './usage-error.ts';

const AFTERWARDS: Readonly<Record<BulkAction, string>> = {
  stop: 'the same command goes on with the rest',
  delete: 'the same command goes on with the rest',
  retry: 'the same command would begin again: see drover list for the copies that there are',
};

/**
 * Does the same to all jobs that a filter matches, after asking on a terminal where those are several, and tells how many it was. The exit
 * code is 1 where that was declined, or not all could be done.
 *
 * @param change sends the request
 * @returns null where nothing was done
 * @throws {UsageError} for all jobs, where nobody can be asked
 */
export async function changeMany(
  action: BulkAction,
  filter: BulkFilter,
  { yes, dryRun, isJson }: Pick<ChoiceOptions, 'yes' | 'dryRun'> & { isJson: boolean },
  change: (options: { dryRun: boolean }) => Promise<BulkAnswer>,
): Promise<BulkAnswer | null> {
  if (!dryRun && !yes) {
    if (canAsk(isJson)) {
      const { done } = await change({ dryRun: true });
      if (done > 1 && !(await confirm(`${action} ${jobCount(done)}?`))) {
        note('nothing was done');
        process.exitCode = EXIT.failure;
        return null;
      }
    } else if (!isNarrowed(filter)) {
      throw new UsageError('--all without a filter wants --yes, since nobody can be asked here');
    }
  }
  const answer = await change({ dryRun: dryRun === true });
  await tell(action, answer, isJson);
  if (answer.refused > 0 || !answer.complete) process.exitCode = EXIT.failure;
  return answer.dry_run ? null : answer;
}

async function tell(action: BulkAction, answer: BulkAnswer, isJson: boolean): Promise<void> {
  if (isJson) return writeJson(answer);
  const { done, skipped, refused, ids } = answer;
  const isCopies = action === 'retry' && !answer.dry_run;
  // As for single jobs: the ids of the copies are the output.
  if (isCopies) await write(ids.map((id) => `${id}\n`).join(''));
  if (done + skipped + refused === 0) note('no job matches');
  else if (isCopies) note(describeBulkAnswer(action, answer));
  else await write(`${describeBulkAnswer(action, answer)}\n`);
  if (isCopies && ids.length < done) note(`only the newest ${ids.length} of their ids are shown`);
  if (!answer.complete) note(`the server shut down before it was through; ${AFTERWARDS[action]}`);
}

import type { BulkAnswer } from '@drover/client/job';

export type BulkAction = 'stop' | 'delete' | 'retry';

/** Of one job, and of several. */
type Words = readonly [string, string];

const DONE: Readonly<Record<BulkAction, Words>> = {
  stop: ['is being stopped', 'are being stopped'],
  delete: ['is deleted', 'are deleted'],
  retry: ['is submitted again', 'are submitted again'],
};

const WOULD_BE_DONE: Readonly<Record<BulkAction, string>> = {
  stop: 'would be stopped',
  delete: 'would be deleted',
  retry: 'would be submitted again',
};

const SKIPPED: Readonly<Record<BulkAction, Words>> = {
  stop: ['had ended meanwhile', 'had ended meanwhile'],
  delete: ['was deleted meanwhile', 'were deleted meanwhile'],
  retry: ['was skipped', 'were skipped'],
};

const REFUSED: Words = ['cannot be run again as it is', 'cannot be run again as they are'];

/** `249 jobs are being stopped; 1 had ended meanwhile`. */
export function describeBulkAnswer(action: BulkAction, answer: BulkAnswer): string {
  const { done, skipped, refused } = answer;
  const main = answer.dry_run ? WOULD_BE_DONE[action] : wordsFor(done, DONE[action]);
  return [
    `${jobCount(done)} ${main}`,
    ...(skipped > 0 ? [`${skipped} ${wordsFor(skipped, SKIPPED[action])}`] : []),
    ...(refused > 0 ? [`${refused} ${wordsFor(refused, REFUSED)}`] : []),
  ].join('; ');
}

/** `12 jobs`. */
export function jobCount(count: number): string {
  return count === 1 ? '1 job' : `${count} jobs`;
}

function wordsFor(count: number, [ofOne, ofSeveral]: Words): string {
  return count === 1 ? ofOne : ofSeveral;
}

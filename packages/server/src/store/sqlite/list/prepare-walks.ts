import type { DatabaseSync } from 'node:sqlite';
import { isTerminal, type JobStatus } from '../../../job/status.ts';
import { DEFAULT_SORT, isDescending, sortKeyOf } from '../../job-sort.ts';
import type { JobFilter, JobListQuery } from '../../store.ts';
import { prepareTextSpans } from '../search-index/text-spans.ts';
import { prepareSubmitBounds } from '../submit-blocks.ts';
import { prepareEndIndex } from './end-index.ts';
import { type BoundFilter, bindFilter } from './filter-conditions.ts';
import { createGathering } from './gather.ts';
import { prepareIdIndex } from './id-index.ts';
import { planMatch, prepareMatch } from './match-candidates.ts';
import { prepareSeek } from './prepare-seek.ts';
import { planSeek } from './seek-plan.ts';
import { rangeBehind, type SeqRange } from './seq-range.ts';
import { createSeqWalk } from './seq-walk.ts';
import { createSortedWalk } from './sorted-walk.ts';
import { createStatementCache } from './statement-cache.ts';
import type { Walk } from './walk.ts';

export interface StartedWalk {
  walk: Walk;
  /** Whether every candidate matches. */
  isExact: boolean;
}

/**
 * Prepares the ways to go through a list; answers null for one that cannot hold any job.
 *
 * @param firstLook candidates of a search that are looked at before the index is asked
 */
export function prepareWalks(
  db: DatabaseSync,
  counts: () => Readonly<Record<JobStatus, number>>,
  firstLook: number,
): (query: JobListQuery) => StartedWalk | null {
  const submitBounds = prepareSubmitBounds(db);
  const prepare = createStatementCache(db);
  const findSpans = prepareTextSpans(db);
  const sortIndexes = {
    ended_at: { ascending: prepareEndIndex(db, false), descending: prepareEndIndex(db, true) },
    id: { ascending: prepareIdIndex(db, false), descending: prepareIdIndex(db, true) },
  };

  function startSeqWalk(filter: BoundFilter, range: SeqRange, descending: boolean): StartedWalk {
    const now = counts();
    const plan = planSeek(filter, descending, (status) => now[status]);
    const walk = createSeqWalk({
      range,
      isDescending: descending,
      seek: prepareSeek(plan, descending, prepare),
      match: prepareMatch(filter, prepare),
      findSpan: filter.needle === null || plan.isShort ? null : findSpans(filter.needle, descending),
      firstLook,
    });
    return { walk, isExact: plan.isExact };
  }

  return ({ filter: given, sort = DEFAULT_SORT, after = null, limit }) => {
    const key = sortKeyOf(sort);
    const descending = isDescending(sort);
    if (after !== null && after.key !== key) throw new Error(`a place by ${after.key} is none by ${key}`);
    const narrowed = key === 'ended_at' ? onlyEnded(given) : given;
    const range = submitBounds(narrowed);
    if (range === null || narrowed.statuses?.length === 0) return null;
    const filter = bindFilter(narrowed);
    if (key === 'submitted_at') {
      const rest = after?.key === key ? rangeBehind(range, after.seq, descending) : range;
      return startSeqWalk(filter, rest, descending);
    }
    const index = sortIndexes[key][descending ? 'descending' : 'ascending'];
    const isExact = planMatch(filter) === null;
    const gather = isExact
      ? null
      : createGathering(startSeqWalk(filter, range, true).walk, index, { after, most: limit + 1 });
    return { walk: createSortedWalk({ index, after, match: prepareMatch(filter, prepare), gather }), isExact };
  };
}

function onlyEnded(filter: JobFilter): JobFilter {
  return filter.statuses === undefined ? filter : { ...filter, statuses: filter.statuses.filter(isTerminal) };
}

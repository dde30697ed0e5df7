import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Job } from '../../../job/job.ts';
import { DEFAULT_SORT, positionOf, sortKeyOf } from '../../job-sort.ts';
import type { JobListQuery, JobPage } from '../../store.ts';
import type { Totals } from '../totals.ts';
import { firstChunk, nextChunk } from './chunk-size.ts';
import { prepareWalks } from './prepare-walks.ts';

/**
 * Prepares lists. Where no index answers a filter the candidates are looked at in chunks, with a turn of the event loop
 * between two of them; a chunk is found and its jobs are read in one step, so that every job on the page matched when it
 * was read.
 *
 * @param firstLook candidates of a search that are looked at before the index is asked
 */
export function prepareListJobs(
  db: DatabaseSync,
  findBySeq: (seq: number) => Job | null,
  totals: Totals,
  firstLook: number,
): (query: JobListQuery, signal?: AbortSignal) => Promise<JobPage> {
  const startWalk = prepareWalks(db, totals.counts, firstLook);

  return async (query, signal) => {
    const { limit, sort = DEFAULT_SORT } = query;
    const started = startWalk(query);
    const jobs: Job[] = [];
    if (started === null) return { jobs, next: null };
    const { walk, isExact } = started;
    let chunk = firstChunk(limit, isExact);
    for (;;) {
      const startedAtMs = performance.now();
      const { seqs, rest } = walk.step(chunk, limit + 1 - jobs.length);
      for (const seq of seqs) {
        const last = jobs[limit - 1];
        if (last !== undefined) return { jobs, next: positionOf(last, sortKeyOf(sort)) };
        const job = findBySeq(seq);
        if (job !== null) jobs.push(job);
      }
      if (rest === null) return { jobs, next: null };
      chunk = nextChunk(chunk, performance.now() - startedAtMs);
      await nextTurn();
      if (signal?.aborted) return { jobs, next: rest };
    }
  };
}

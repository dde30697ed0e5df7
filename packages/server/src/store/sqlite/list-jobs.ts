import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Job } from '../../job/job.ts';
import type { JobListQuery, JobPage } from '../store.ts';
import { firstChunk, nextChunk } from './chunk-size.ts';
import { integerAt, integerOrNullAt, textAt } from './column-value.ts';
import { planSeek, type SeekPlan } from './seek-plan.ts';
import { prepareSubmitBounds } from './submit-blocks.ts';
import type { Totals } from './totals.ts';

/** Statements of filters that were used lately; a filter's shape depends on how many statuses and pairs it has. */
const KEPT_STATEMENTS = 64;

interface SeekRange {
  beforeSeq: number;
  firstSeq: number;
  chunk: number;
}

interface Seek {
  /** Fewer than asked for: the end is reached. */
  examined: number;
  lowestSeq: number | null;
  /** Newest first. */
  matchingSeqs: number[];
}

/**
 * Prepares lists, newest first. Where no index answers a filter the candidates are looked at in chunks, with a turn of
 * the event loop between two of them; a chunk is found and its jobs are read in one step, so that every job on the page
 * matched when it was read.
 */
export function prepareListJobs(
  db: DatabaseSync,
  findBySeq: (seq: number) => Job | null,
  totals: Totals,
): (query: JobListQuery, signal?: AbortSignal) => Promise<JobPage> {
  const submitBounds = prepareSubmitBounds(db);
  const statements = new Map<string, StatementSync>();

  function prepared(sql: string): StatementSync {
    const statement = statements.get(sql) ?? db.prepare(sql);
    statements.delete(sql);
    statements.set(sql, statement);
    const [oldest] = statements.keys();
    if (statements.size > KEPT_STATEMENTS && oldest !== undefined) statements.delete(oldest);
    return statement;
  }

  function seek(plan: SeekPlan, range: SeekRange): Seek {
    const row = prepared(plan.sql).get({ ...plan.parameters, ...range }) ?? {};
    const matchingSeqs: number[] = JSON.parse(textAt(row, 2));
    matchingSeqs.sort((a, b) => b - a);
    return { examined: integerAt(row, 0), lowestSeq: integerOrNullAt(row, 1), matchingSeqs };
  }

  return async ({ filter, beforeSeq, limit }, signal) => {
    const bounds = submitBounds(filter);
    if (bounds === null || filter.statuses?.length === 0) return { jobs: [], nextBeforeSeq: null };
    const counts = totals.counts();
    const plan = planSeek(filter, (status) => counts[status]);
    const jobs: Job[] = [];
    const range: SeekRange = {
      beforeSeq: Math.min(beforeSeq ?? Number.MAX_SAFE_INTEGER, bounds.endSeq),
      firstSeq: bounds.firstSeq,
      chunk: firstChunk(limit, plan.isExact),
    };
    for (;;) {
      const startedAtMs = performance.now();
      const { examined, lowestSeq, matchingSeqs } = seek(plan, range);
      for (const seq of matchingSeqs) {
        const last = jobs[limit - 1];
        if (last !== undefined) return { jobs, nextBeforeSeq: last.seq };
        const job = findBySeq(seq);
        if (job !== null) jobs.push(job);
      }
      if (lowestSeq === null || examined < range.chunk) return { jobs, nextBeforeSeq: null };
      range.beforeSeq = lowestSeq;
      range.chunk = nextChunk(range.chunk, performance.now() - startedAtMs);
      await nextTurn();
      if (signal?.aborted) return { jobs, nextBeforeSeq: lowestSeq };
    }
  };
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOrderedJobs } from '../../../src/scheduler/rules/ordered-jobs.ts';
import { compareRank, type QueuedJob } from '../../../src/scheduler/rules/queued-job.ts';
import { asking } from './rule-game.ts';

describe('ordered jobs', () => {
  it('are found, counted and followed as in a sorted list', () => {
    const operation = fc.record({ seq: fc.integer({ min: 1, max: 30 }), priority: fc.integer({ min: 0, max: 2 }) });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const ordered = createOrderedJobs();
        const model = new Map<number, QueuedJob>();
        for (const { seq, priority } of operations) {
          const known = model.get(seq);
          if (known === undefined) {
            const job = asking(seq, {}, { priority });
            ordered.add(job);
            model.set(seq, job);
          } else {
            expect(ordered.remove(known)).toBe(true);
            expect(ordered.remove(known)).toBe(false);
            model.delete(seq);
          }
        }
        const sorted = [...model.values()].sort(compareRank);
        expect(ordered.size).toBe(sorted.length);
        expect(ordered.first).toBe(sorted[0] ?? null);
        for (const [index, job] of sorted.entries()) {
          expect(ordered.countBefore(job)).toBe(index);
          expect(ordered.nextAfter(job)).toBe(sorted[index + 1] ?? null);
        }
      }),
    );
  });

  it('stay in order with many thousands of them', () => {
    const ordered = createOrderedJobs();
    const seqs = Array.from({ length: 5_000 }, (_, index) => ((index * 7_919) % 5_000) + 1);
    for (const seq of seqs) ordered.add(asking(seq));
    for (const seq of seqs) if (seq % 3 === 0) ordered.remove(asking(seq));
    const walked: number[] = [];
    for (let job = ordered.first; job !== null; job = ordered.nextAfter(job)) walked.push(job.seq);
    expect(walked).toEqual(seqs.filter((seq) => seq % 3 !== 0).sort((left, right) => left - right));
    expect(ordered.countBefore({ priority: 0, seq: 5_000 })).toBe(walked.length - 1);
  });
});

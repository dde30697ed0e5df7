import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JobPosition } from '../../../../src/store/job-sort.ts';
import { createGathering } from '../../../../src/store/sqlite/list/gather.ts';
import type { Candidate, SortIndex } from '../../../../src/store/sqlite/list/sort-index.ts';
import { createSortedWalk } from '../../../../src/store/sqlite/list/sorted-walk.ts';
import type { Walk } from '../../../../src/store/sqlite/list/walk.ts';

const JOBS = 3000;

/** Jobs 1 to 3000, ordered by a number that has nothing to do with their seqs. */
const candidates: Candidate[] = Array.from({ length: JOBS }, (_, index) => ({
  seq: index + 1,
  position: { key: 'ended_at', endedAtMs: (index * 7919) % 1000, seq: index + 1 },
}));
const ordered = [...candidates].sort(({ position: a }, { position: b }) => compare(a, b));

function compare(a: JobPosition, b: JobPosition): number {
  if (a.key !== 'ended_at' || b.key !== 'ended_at') throw new Error('another key');
  return a.endedAtMs - b.endedAtMs || a.seq - b.seq;
}

/** The index of those jobs; `looked` counts what was read of it. */
function createIndex(looked: { candidates: number }): SortIndex {
  return {
    next(after, limit) {
      const start = after === null ? 0 : ordered.findIndex(({ position }) => compare(position, after) > 0);
      const next = start === -1 ? [] : ordered.slice(start, start + limit);
      looked.candidates += next.length;
      return next;
    },
    placesOf: (seqs) => seqs.flatMap((seq) => candidates[seq - 1] ?? []),
    compare,
  };
}

/** Finds these jobs newest first, so many in a step, whatever the chunk. */
function createFilterWalk(seqs: readonly number[], perStep: number): Walk {
  const left = [...seqs].sort((a, b) => b - a);
  return {
    step() {
      const next = left.splice(0, perStep);
      return { seqs: next, rest: left.length === 0 ? null : { key: 'submitted_at', seq: next.at(-1) ?? 0 } };
    },
  };
}

interface Sample {
  matching: ReadonlySet<number>;
  perStep: number;
  most: number;
  chunk: number;
  start: number | null;
}

function walkAll({ matching, perStep, most, chunk, start }: Sample) {
  const looked = { candidates: 0 };
  const index = createIndex(looked);
  const after = start === null ? null : (ordered[start]?.position ?? null);
  const gather = createGathering(createFilterWalk([...matching], perStep), index, { after, most });
  const match = (seqs: readonly number[]) => seqs.filter((seq) => matching.has(seq));
  const walk = createSortedWalk({ index, after, match, gather });
  const found: number[] = [];
  let rest: JobPosition | null;
  do {
    const step = walk.step(chunk, most);
    found.push(...step.seqs);
    rest = step.rest;
  } while (rest !== null);
  const all = ordered.slice(start === null ? 0 : start + 1).map(({ seq }) => seq);
  return { found, expected: all.filter((seq) => matching.has(seq)), looked: looked.candidates };
}

test('every match comes once and in order, whichever way finds it first', () => {
  const someSample: fc.Arbitrary<Sample> = fc.record({
    matching: fc
      .integer({ min: 1, max: 400 })
      .map((step) => new Set(candidates.map(({ seq }) => seq).filter((seq) => seq % step === 0))),
    perStep: fc.constantFrom(1, 30, 1500, 5000),
    most: fc.constantFrom(1, 10, 500),
    chunk: fc.constantFrom(20, 200, 2048),
    start: fc.option(fc.nat(JOBS - 1)),
  });
  fc.assert(
    fc.property(someSample, (sample) => {
      const { found, expected } = walkAll(sample);
      expect(found).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

test('a few that match are sorted rather than looked for along the whole order', () => {
  const { found, expected, looked } = walkAll({
    ...{ matching: new Set([5, 1500, 2999]), perStep: 10, most: 101, chunk: 256, start: null },
  });
  expect(found).toEqual(expected);
  expect(looked).toBeLessThan(JOBS / 2);
});

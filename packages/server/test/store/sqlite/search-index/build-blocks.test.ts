import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { openConnection } from '../../../../src/store/sqlite/connection.ts';
import { buildBlocks } from '../../../../src/store/sqlite/search-index/build-blocks.ts';
import { prepareSearchBlocks } from '../../../../src/store/sqlite/search-index/search-blocks.ts';
import { prepareTextSpans } from '../../../../src/store/sqlite/search-index/text-spans.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const JOBS = 200;
const BLOCK_SEQS = 50;
const EVERYTHING = { firstSeq: 0, endSeq: Number.MAX_SAFE_INTEGER };

/** A file with texts `job N.`, their seqs from 1 on; the jobs themselves are of no concern here. */
async function fileWithTexts(): Promise<string> {
  const path = join(await temporaryDirectory(), 'jobs.db');
  const db = openFile(path);
  const insert = db.prepare('INSERT INTO job_search (seq, text) VALUES (?, ?)');
  for (let seq = 1; seq <= JOBS; seq++) insert.run(seq, `job ${seq}.`);
  db.close();
  return path;
}

function openFile(path: string): DatabaseSync {
  const db = openConnection(path);
  db.exec('PRAGMA foreign_keys = OFF');
  return db;
}

/** Goes on with the index for at most so many steps; answers how many there were. */
function build(db: DatabaseSync, steps: number, atStep: (step: number) => void = () => {}): number {
  const blocks = prepareSearchBlocks(db);
  const building = buildBlocks({
    blocks,
    blockSeqs: BLOCK_SEQS,
    newestSeq: () => JOBS + 1,
    add(contents) {
      db.exec('BEGIN');
      blocks.add(contents);
      db.exec('COMMIT');
    },
  });
  for (let step = 0; step < steps; step++) {
    atStep(step);
    if (building.next().done) return step;
  }
  return steps;
}

/** The seqs that a search would look at. */
function candidatesFor(db: DatabaseSync, needle: string): number[] {
  const findSpan = prepareTextSpans(db)(needle, true);
  const seqs: number[] = [];
  for (let rest = EVERYTHING; rest.endSeq > rest.firstSeq; ) {
    const { range, candidates } = findSpan(rest);
    const any = db.prepare('SELECT seq FROM job_search WHERE seq >= ? AND seq < ? ORDER BY seq DESC');
    seqs.push(...(candidates ?? any.all(range.firstSeq, range.endSeq).map((row) => Number(row[0]))));
    rest = { ...rest, endSeq: range.firstSeq };
  }
  return seqs;
}

test('a search of an index that is whole looks at few jobs, and at those that match', async () => {
  const db = openFile(await fileWithTexts());
  onTestFinished(() => db.close());
  expect(candidatesFor(db, 'job 57.')).toHaveLength(JOBS);
  build(db, Number.POSITIVE_INFINITY);
  for (const needle of ['job 57.', 'JOB 157.'.toLowerCase(), '199.']) {
    expect(candidatesFor(db, needle)).toEqual([Number(needle.match(/\d+/)?.[0])]);
  }
  expect(candidatesFor(db, 'job')).toHaveLength(JOBS);
  expect(candidatesFor(db, 'cob')).toEqual([]);
});

test('wherever the process dies while the index is made, the next one goes on, and no search misses a job', async () => {
  const path = await fileWithTexts();
  const whole = openFile(await fileWithTexts());
  onTestFinished(() => whole.close());
  const stepsInAll = build(whole, Number.POSITIVE_INFINITY);
  expect(stepsInAll).toBeGreaterThan(20);
  for (let steps = 0; steps <= stepsInAll; steps += 7) {
    const db = openFile(path);
    build(db, 7);
    for (const seq of [1, 49, 50, 51, 99, 150, 200]) expect(candidatesFor(db, `job ${seq}.`)).toContain(seq);
    db.close();
  }
  for (let round = 0; round < 4; round++) {
    const db = openFile(path);
    build(db, stepsInAll);
    db.close();
  }
  const db = openFile(path);
  onTestFinished(() => db.close());
  const contentsOf = (file: DatabaseSync) => [
    file.prepare('SELECT * FROM search_blocks ORDER BY block').all(),
    file.prepare('SELECT * FROM search_shelves ORDER BY shelf').all(),
  ];
  expect(contentsOf(db)).toEqual(contentsOf(whole));
});

test('jobs that go while their block is made are no part of it, and a block without any is not added', async () => {
  const db = openFile(await fileWithTexts());
  onTestFinished(() => db.close());
  build(db, Number.POSITIVE_INFINITY, (step) => {
    if (step === 3) db.exec('DELETE FROM job_search WHERE seq < 60');
  });
  const rows = db.prepare('SELECT first_seq, end_seq FROM search_blocks ORDER BY block').all();
  expect(rows).toEqual([
    [60, 110],
    [110, 160],
  ]);
  const indexed = (needle: string) => candidatesFor(db, needle).filter((seq) => seq < 160);
  expect(indexed('job 157.')).toEqual([157]);
  expect(indexed('job 57.')).toEqual([]);
});

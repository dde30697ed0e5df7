import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { createGroupCommit } from '../../../src/store/sqlite/group-commit.ts';
import type { CommitReport } from '../../../src/store/store.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** A table of words behind a group commit; a change is the word that was written. */
async function openWords({ onFatal = (error: unknown): void => expect.unreachable(String(error)) } = {}) {
  const db = new DatabaseSync(join(await temporaryDirectory(), 'words.db'));
  onTestFinished(() => db.close());
  db.exec('PRAGMA journal_mode = WAL; CREATE TABLE words (word TEXT PRIMARY KEY)');
  const insert = db.prepare('INSERT INTO words (word) VALUES (?)');
  const log: string[] = [];
  const reports: CommitReport[] = [];
  const group = createGroupCommit<string>({
    db,
    beforeCommit: (words) => log.push(`commit ${words.join(' ')}`),
    afterCommit: (word) => log.push(`told ${word}`),
    onGroup: (report) => reports.push(report),
    onFatal,
  });
  const write = (word: string) => {
    insert.run(word);
    return { answer: word, change: word };
  };
  const words = () =>
    db
      .prepare('SELECT word FROM words ORDER BY word')
      .all()
      .map(({ word }) => word);
  return { db, group, write, log, reports, words };
}

test('what is queued in one tick is one commit; the changes are told in order, each before its answer', async () => {
  const { group, write, log, words } = await openWords();
  await Promise.all(
    ['b', 'a', 'c'].map(async (word) => {
      await group.enqueue(() => write(word));
      log.push(`answered ${word}`);
    }),
  );
  expect(log).toEqual(['commit b a c', 'told b', 'told a', 'told c', 'answered b', 'answered a', 'answered c']);
  expect(words()).toEqual(['a', 'b', 'c']);
});

test('each group is reported once, with its size and the time that it took, whatever came of single writes', async () => {
  const { group, write, reports } = await openWords();
  const refused = group.enqueue(() => {
    throw new Error('changed my mind');
  });
  await Promise.allSettled([group.enqueue(() => write('a')), refused, group.enqueue(() => write('b'))]);
  await group.enqueue(() => write('c'));
  const durationMs = expect.any(Number);
  expect(reports).toEqual([
    { writes: 3, durationMs, isCommitted: true },
    { writes: 1, durationMs, isCommitted: true },
  ]);
  for (const report of reports) expect(report.durationMs).toBeGreaterThan(0);
});

test('a write that throws half-way is undone, and it alone', async () => {
  const { group, write, log, words } = await openWords();
  const outcomes = await Promise.allSettled([
    group.enqueue(() => write('first')),
    group.enqueue(() => {
      write('half');
      throw new Error('changed my mind');
    }),
    group.enqueue(() => {
      write('other half');
      return write('first');
    }),
    group.enqueue(() => write('last')),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
  expect(outcomes[1]).toMatchObject({ reason: { message: 'changed my mind' } });
  expect(words()).toEqual(['first', 'last']);
  expect(log).toEqual(['commit first last', 'told first', 'told last']);
});

test('a write that finds no space undoes its whole group, also those that were refused otherwise', async () => {
  const { db, group, write, log, reports, words } = await openWords();
  await group.enqueue(() => write('before'));
  db.exec('PRAGMA max_page_count = 3');
  const outcomes = await Promise.allSettled([
    group.enqueue(() => write('small')),
    group.enqueue(() => {
      throw new Error('found "small", which nobody will have seen');
    }),
    group.enqueue(() => write('large'.repeat(10_000))),
    group.enqueue(() => write('late')),
  ]);
  for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: 'STORAGE_FULL' } });
  expect(words()).toEqual(['before']);
  expect(reports.at(-1)).toMatchObject({ writes: 4, isCommitted: false });

  db.exec('PRAGMA max_page_count = 1000');
  await group.enqueue(() => write('after'));
  expect(words()).toEqual(['after', 'before']);
  expect(log).toEqual(['commit before', 'told before', 'commit after', 'told after']);
});

test('a file that another program keeps locked refuses the group, and nothing worse', async () => {
  const { db, group, write, words } = await openWords();
  const other = new DatabaseSync(db.location() ?? '');
  onTestFinished(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  db.exec('PRAGMA busy_timeout = 0');
  await expect(group.enqueue(() => write('locked out'))).rejects.toThrow(/database is locked/);
  other.exec('ROLLBACK');
  await group.enqueue(() => write('let in'));
  expect(words()).toEqual(['let in']);
});

test('a damaged file is fatal: told once, and nothing is written any more', async () => {
  const fatal: unknown[] = [];
  const { group, write, words } = await openWords({ onFatal: (error) => fatal.push(error) });
  const damage = Object.assign(new Error('database disk image is malformed'), { errcode: 11 });
  const outcomes = await Promise.allSettled([
    group.enqueue(() => write('in the group')),
    group.enqueue(() => {
      throw damage;
    }),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(group.enqueue(() => write('later'))).rejects.toBe(damage);
  expect(fatal).toEqual([damage]);
  expect(words()).toEqual([]);
});

test('a transaction of its own shares nothing with what is queued: it is done or undone at once', async () => {
  const { db, group, write, log, words } = await openWords();
  const queued = group.enqueue(() => write('queued'));
  group.runAlone(() => write('alone'));
  expect(words()).toEqual(['alone']);
  expect(() =>
    group.runAlone(() => {
      write('half');
      throw new Error('changed my mind');
    }),
  ).toThrow('changed my mind');
  db.exec('PRAGMA max_page_count = 3');
  const full = () => group.runAlone(() => write('large'.repeat(10_000)));
  expect(full).toThrow(expect.objectContaining({ code: 'STORAGE_FULL' }));
  db.exec('PRAGMA max_page_count = 1000');
  await queued;
  expect(words()).toEqual(['alone', 'queued']);
  expect(log).toEqual(['commit queued', 'told queued']);
});

test('damage that a transaction of its own finds is fatal to all', async () => {
  const fatal: unknown[] = [];
  const { group, write } = await openWords({ onFatal: (error) => fatal.push(error) });
  const damage = Object.assign(new Error('database disk image is malformed'), { errcode: 11 });
  const damaged = () => {
    throw damage;
  };
  expect(() => group.runAlone(damaged)).toThrow(damage);
  expect(() => group.runAlone(() => write('later'))).toThrow(damage);
  await expect(group.enqueue(() => write('later'))).rejects.toBe(damage);
  expect(fatal).toEqual([damage]);
});

test('a burst larger than a group is committed in several, all of it', async () => {
  const { group, write, log, words } = await openWords();
  const all = Array.from({ length: 1200 }, (_, index) => group.enqueue(() => write(`w${index}`)));
  await group.drained();
  await Promise.all(all);
  expect(words()).toHaveLength(1200);
  expect(log.filter((line) => line.startsWith('commit'))).toHaveLength(3);
  await group.drained();
});

import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { migrate } from '../../../src/store/sqlite/migrate.ts';
import { CREATE_JOBS } from '../../../src/store/sqlite/migrations/0001-jobs.ts';

function schemaOf(db: DatabaseSync) {
  return db.prepare("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name").all();
}

function openMemory(): DatabaseSync {
  const db = new DatabaseSync(':memory:', { returnArrays: true });
  onTestFinished(() => db.close());
  return db;
}

test('a store of the first version is brought up to date, and keeps its rows', () => {
  const old = openMemory();
  old.exec(`${CREATE_JOBS} PRAGMA user_version = 1; UPDATE totals SET jobs = 7 WHERE status = 3`);
  migrate(old, 'jobs.db');
  const fresh = openMemory();
  migrate(fresh, 'jobs.db');
  expect(schemaOf(old)).toEqual(schemaOf(fresh));
  expect(old.prepare('SELECT jobs FROM totals WHERE status = 3').get()?.[0]).toBe(7);
});

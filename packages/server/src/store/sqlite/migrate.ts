import type { DatabaseSync } from 'node:sqlite';
import { CREATE_JOBS } from './migrations/0001-jobs.ts';
import { CREATE_SUBMIT_KEYS } from './migrations/0002-submit-keys.ts';
import { CREATE_QUEUES } from './migrations/0003-queues.ts';
import { CREATE_RETRIES } from './migrations/0004-retries.ts';
import { ADD_MET_DEPENDENCIES } from './migrations/0005-dependencies.ts';
import { CREATE_ARRAYS } from './migrations/0006-arrays.ts';
import { CREATE_WEBHOOKS } from './migrations/0007-webhooks.ts';
import { CREATE_SEARCH_INDEX } from './migrations/0008-search-index.ts';
import { ADD_QUEUE_OF_JOBS } from './migrations/0009-queue-of-jobs.ts';
import { CREATE_SCHEDULES } from './migrations/0010-schedules.ts';

/** In order: the first brings an empty file to version 1. One that was published is never edited. */
const MIGRATIONS: readonly string[] = [
  CREATE_JOBS,
  CREATE_SUBMIT_KEYS,
  CREATE_QUEUES,
  CREATE_RETRIES,
  ADD_MET_DEPENDENCIES,
  CREATE_ARRAYS,
  CREATE_WEBHOOKS,
  CREATE_SEARCH_INDEX,
  ADD_QUEUE_OF_JOBS,
  CREATE_SCHEDULES,
];

/** The data was written by a newer Drover than this one; nothing was touched. */
export class SchemaTooNewError extends Error {
  constructor(path: string, foundVersion: number, knownVersion: number) {
    super(
      `the job store ${path} has schema version ${foundVersion}, and this Drover knows versions up to ${knownVersion}: ` +
        'run the newer Drover that wrote it',
    );
    this.name = 'SchemaTooNewError';
  }
}

/**
 * Brings the schema to the version that this program knows, each step in a transaction of its own.
 *
 * @throws {SchemaTooNewError} where the file is ahead of this program.
 */
export function migrate(db: DatabaseSync, path: string): void {
  const version = schemaVersion(db);
  if (version > MIGRATIONS.length) throw new SchemaTooNewError(path, version, MIGRATIONS.length);
  for (const [index, sql] of MIGRATIONS.entries()) {
    if (index >= version) db.exec(`BEGIN IMMEDIATE; ${sql} PRAGMA user_version = ${index + 1}; COMMIT`);
  }
}

function schemaVersion(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.[0]);
}

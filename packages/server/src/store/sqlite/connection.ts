import { DatabaseSync } from 'node:sqlite';
import { migrate } from './migrate.ts';

/** Bounds the store's share of the server's memory; a memory map would count on top of it, so there is none. */
const CACHE_KIB = 16 * 1024;

/** How long to wait, with the event loop standing still, for a foreign program that has the file open. */
const BUSY_TIMEOUT_MS = 2000;

/**
 * Opens (or makes) the database, durable and at the present schema. It is locked for this connection alone: with one server
 * per directory nobody else writes it, and each read saves the system calls that lock and look for others' writes. Rows come as arrays, which are cheaper than
 * objects.
 *
 * @throws {SchemaTooNewError} where a newer Drover wrote it.
 */
export function openConnection(path: string): DatabaseSync {
  const db = new DatabaseSync(path, {
    timeout: BUSY_TIMEOUT_MS,
    returnArrays: true,
    enableForeignKeyConstraints: true,
  });
  try {
    db.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA cache_size = -${CACHE_KIB};
      PRAGMA mmap_size = 0;
      PRAGMA temp_store = MEMORY;
    `);
    migrate(db, path);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

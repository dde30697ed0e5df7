import type { DatabaseSync } from 'node:sqlite';
import type { SubmitKey } from '../store.ts';
import { integerAt, textAt } from './column-value.ts';

/** A sweep keeps the event loop no longer than this many rows take. */
const SWEEP_ROWS = 1_000;

/** A key that was used before, and the job that it made. */
export interface KnownKey {
  digest: string;
  jobSeq: number;
  jobId: string;
}

/** The statements on keys of submits. Each but `find` runs inside a transaction. */
export interface SubmitKeys {
  find(tenant: string, key: string): KnownKey | null;
  add(key: SubmitKey, job: { seq: number; id: string }): void;
  /** The job is being removed: its key has no job from now on. */
  orphan(jobSeq: number): void;
  /** Writes down when keys were first seen without their job, and forgets those for whom that is long ago. Answers how many. */
  sweep(nowMs: number, keepMs: number): number;
}

export function prepareSubmitKeys(db: DatabaseSync): SubmitKeys {
  const select = db.prepare('SELECT digest, job_seq, job_id FROM submit_keys WHERE tenant = ? AND key = ?');
  const insert = db.prepare(
    'INSERT INTO submit_keys (tenant, key, digest, job_seq, job_id, created_at_ms) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const orphan = db.prepare('UPDATE submit_keys SET orphaned_at_ms = 0 WHERE job_seq = ?');
  const stamp = db.prepare(`
    UPDATE submit_keys SET orphaned_at_ms = ? WHERE (tenant, key) IN
      (SELECT tenant, key FROM submit_keys WHERE orphaned_at_ms = 0 LIMIT ${SWEEP_ROWS})`);
  const forget = db.prepare(`
    DELETE FROM submit_keys WHERE (tenant, key) IN
      (SELECT tenant, key FROM submit_keys WHERE orphaned_at_ms > 0 AND orphaned_at_ms <= ? LIMIT ${SWEEP_ROWS})`);

  return {
    find(tenant, key) {
      const row = select.get(tenant, key);
      return row === undefined ? null : { digest: textAt(row, 0), jobSeq: integerAt(row, 1), jobId: textAt(row, 2) };
    },
    add({ tenant, key, digest, createdAtMs }, job) {
      insert.run(tenant, key, digest, job.seq, job.id, createdAtMs);
    },
    orphan(jobSeq) {
      orphan.run(jobSeq);
    },
    sweep(nowMs, keepMs) {
      stamp.run(nowMs);
      return Number(forget.run(nowMs - keepMs).changes);
    },
  };
}

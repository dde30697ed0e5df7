import type { DatabaseSync } from 'node:sqlite';
import type { PastAttempt } from '../../job/job.ts';
import { textAt } from './column-value.ts';

/** Attempts after which their job went on. They go with the job. */
export interface PastAttempts {
  /** Inside a transaction. */
  add(jobSeq: number, past: PastAttempt): void;
  /** In their order. */
  ofJob(jobSeq: number): PastAttempt[];
}

export function preparePastAttempts(db: DatabaseSync): PastAttempts {
  const insert = db.prepare('INSERT INTO past_attempts (job_seq, number, attempt_id, past) VALUES (?, ?, ?, ?)');
  const select = db.prepare('SELECT past FROM past_attempts WHERE job_seq = ? ORDER BY number');
  return {
    add(jobSeq, past) {
      insert.run(jobSeq, past.number, past.attempt?.id ?? null, JSON.stringify(past));
    },
    ofJob: (jobSeq) => select.all(jobSeq).map((row): PastAttempt => JSON.parse(textAt(row, 0))),
  };
}

/** Attempts after which their job went on, and when ended jobs are to be removed by their own wish. */
export const CREATE_RETRIES = `
ALTER TABLE jobs ADD COLUMN retry TEXT;
ALTER TABLE jobs ADD COLUMN expires_at_ms INTEGER;
CREATE INDEX jobs_by_expiry ON jobs (expires_at_ms) WHERE expires_at_ms IS NOT NULL;

CREATE TABLE past_attempts (
  job_seq INTEGER NOT NULL REFERENCES jobs (seq) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  -- Null where its environment failed before it was handed over.
  attempt_id TEXT,
  past TEXT NOT NULL,
  PRIMARY KEY (job_seq, number)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX past_attempts_by_id ON past_attempts (attempt_id) WHERE attempt_id IS NOT NULL;
`;

/** The first schema: jobs, their history, and what keeps lists and totals flat at a million rows. */
export const CREATE_JOBS = `
CREATE TABLE jobs (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  tenant TEXT NOT NULL,
  door TEXT NOT NULL,
  status INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  submitted_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER,
  log_bytes INTEGER NOT NULL,
  attempt_id TEXT,
  spec TEXT NOT NULL,
  attempt TEXT,
  stop TEXT,
  job_end TEXT
) STRICT;

CREATE INDEX jobs_by_status ON jobs (status, seq);
CREATE INDEX jobs_by_tenant_and_status ON jobs (tenant, status, seq);
CREATE UNIQUE INDEX jobs_by_attempt ON jobs (attempt_id) WHERE attempt_id IS NOT NULL;
CREATE INDEX jobs_by_end ON jobs (ended_at_ms, seq) WHERE ended_at_ms IS NOT NULL;

CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  job_seq INTEGER NOT NULL REFERENCES jobs (seq) ON DELETE CASCADE,
  type TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  detail TEXT NOT NULL
) STRICT;

CREATE INDEX events_by_job ON events (job_seq);

-- No foreign key: finding a job's rows by seq would need an index of its own, and a removal knows the pairs.
CREATE TABLE job_metadata (
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (key, value, seq)
) STRICT, WITHOUT ROWID;

-- Apart from the jobs, so that a search reads a fifth of the pages.
CREATE TABLE job_search (
  seq INTEGER PRIMARY KEY REFERENCES jobs (seq) ON DELETE CASCADE,
  text TEXT NOT NULL
) STRICT;

-- Bounds of the submit times in each block of 1024 seqs: narrows a time window although clocks go back.
CREATE TABLE submit_blocks (
  block INTEGER PRIMARY KEY,
  earliest_ms INTEGER NOT NULL,
  latest_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE totals (
  status INTEGER PRIMARY KEY,
  jobs INTEGER NOT NULL,
  log_bytes INTEGER NOT NULL
) STRICT;

INSERT INTO totals (status, jobs, log_bytes) VALUES (0, 0, 0), (1, 0, 0), (2, 0, 0), (3, 0, 0), (4, 0, 0);
`;

/** Keys by which a submit is recognised when it comes again. They outlive their job, so there is no foreign key. */
export const CREATE_SUBMIT_KEYS = `
CREATE TABLE submit_keys (
  tenant TEXT NOT NULL,
  key TEXT NOT NULL,
  digest TEXT NOT NULL,
  job_seq INTEGER NOT NULL,
  job_id TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  -- Null while the job is there; 0 from its removal to the next sweep, which writes the time.
  orphaned_at_ms INTEGER,
  PRIMARY KEY (tenant, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX submit_keys_by_job ON submit_keys (job_seq);
CREATE INDEX submit_keys_by_orphaning ON submit_keys (orphaned_at_ms) WHERE orphaned_at_ms IS NOT NULL;
`;

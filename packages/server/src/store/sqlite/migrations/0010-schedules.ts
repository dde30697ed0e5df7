/**
 * Schedules, with their settings and how far they have come as JSON of Drover's own writing; and which jobs they have made, to list by and to
 * see which have not ended.
 */
export const CREATE_SCHEDULES = `
CREATE TABLE schedules (
  name TEXT PRIMARY KEY,
  settings TEXT NOT NULL,
  progress TEXT NOT NULL,
  -- Of the last occurrence that has a job: it only ever grows, whatever the clock does.
  last_started_ms INTEGER
) STRICT;

ALTER TABLE jobs ADD COLUMN schedule TEXT;
CREATE INDEX jobs_by_schedule ON jobs (schedule, seq) WHERE schedule IS NOT NULL;
CREATE INDEX unfinished_jobs_by_schedule ON jobs (schedule, seq)
  WHERE schedule IS NOT NULL AND ended_at_ms IS NULL AND array_id IS NULL;
`;

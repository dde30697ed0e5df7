/** The queue of a job, to list by; null for the default one, so that its jobs cost no entry in an index. */
export const ADD_QUEUE_OF_JOBS = `
ALTER TABLE jobs ADD COLUMN queue TEXT;
UPDATE jobs SET queue = json_extract(spec, '$.queue') WHERE json_extract(spec, '$.queue') <> 'default';
CREATE INDEX jobs_by_queue ON jobs (queue, seq) WHERE queue IS NOT NULL;
`;

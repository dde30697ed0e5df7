/** How far arrays have come, and which jobs are elements of which. */
export const CREATE_ARRAYS = `
ALTER TABLE jobs ADD COLUMN array_state TEXT;
ALTER TABLE jobs ADD COLUMN array_id TEXT;
CREATE INDEX jobs_by_array ON jobs (array_id, seq) WHERE array_id IS NOT NULL;
`;

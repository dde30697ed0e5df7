/** Which of the jobs that a job waits for are far enough, as a JSON array of places; null: none. */
export const ADD_MET_DEPENDENCIES = 'ALTER TABLE jobs ADD COLUMN met_dependencies TEXT;';

import type { Job } from '../../job/job.ts';

/** Keeps a needle from matching across two fields. */
const SEPARATOR = '\u001f';

/** What a job is found by: id, entrypoint and metadata values, folded like {@link foldSearch}. */
export function searchText(job: Job): string {
  return [job.id, job.spec.entrypoint, ...Object.values(job.spec.metadata)].map(foldSearch).join(SEPARATOR);
}

/** Upper and lower case become one, by JavaScript's rules: SQLite's own `lower` knows ASCII only. */
export function foldSearch(text: string): string {
  return text.toLowerCase().replaceAll(SEPARATOR, ' ');
}

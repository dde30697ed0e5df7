import { createAskedBefore } from '../../caching/asked-before.ts';
import { createRecentMap } from '../../caching/recent-map.ts';
import type { Job } from '../../job/job.ts';

/** The answer to a GET of one job, ready to be sent. */
export interface RenderedDetails {
  seq: number;
  revision: number;
  etag: string;
  /** For `writeHead`: names and values in turn. */
  headers: string[];
  body: string;
}

/** Answers of the jobs that were asked for last, by id. */
export interface DetailsCache {
  /** Undefined where there is none, or where the job has changed since (or another job has the id now). */
  get(job: Job): RenderedDetails | undefined;
  /** Keeps an answer, unless it is the first one for this job in a while. */
  add(id: string, rendered: RenderedDetails): void;
}

/** So that no single answer pushes out many others. */
const LARGEST_SHARE = 64;

/** @param limits `maxChars` bounds the bodies together; one that would take more than a 64th of it is not kept. */
export function createDetailsCache(limits: { maxEntries: number; maxChars: number }): DetailsCache {
  const entries = createRecentMap<RenderedDetails>(limits.maxEntries / 4);
  let chars = 0;
  const wasAskedBefore = createAskedBefore();

  function remove(id: string, rendered: RenderedDetails): void {
    entries.delete(id);
    chars -= rendered.body.length;
  }

  return {
    get(job) {
      const rendered = entries.get(job.id);
      if (rendered === undefined) return undefined;
      if (rendered.seq === job.seq && rendered.revision === job.revision) return rendered;
      remove(job.id, rendered);
      return undefined;
    },

    add(id, rendered) {
      if (!wasAskedBefore(rendered.seq) || rendered.body.length > limits.maxChars / LARGEST_SHARE) return;
      const before = entries.get(id);
      if (before !== undefined) remove(id, before);
      entries.set(id, rendered);
      chars += rendered.body.length;
      while (entries.size > limits.maxEntries || chars > limits.maxChars) {
        const oldest = entries.oldest();
        if (oldest === undefined) break;
        remove(oldest.key, oldest.value);
      }
    },
  };
}

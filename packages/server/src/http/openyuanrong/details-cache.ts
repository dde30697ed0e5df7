import { createAskedBefore } from '../../caching/asked-before.ts';
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
  // A Map keeps the order of insertion: the first is the one that was asked for longest ago.
  const entries = new Map<string, RenderedDetails>();
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
      entries.delete(job.id);
      if (rendered.seq !== job.seq || rendered.revision !== job.revision) {
        chars -= rendered.body.length;
        return undefined;
      }
      entries.set(job.id, rendered);
      return rendered;
    },

    add(id, rendered) {
      if (!wasAskedBefore(rendered.seq) || rendered.body.length > limits.maxChars / LARGEST_SHARE) return;
      const before = entries.get(id);
      if (before !== undefined) remove(id, before);
      entries.set(id, rendered);
      chars += rendered.body.length;
      for (const [oldestId, oldest] of entries) {
        if (entries.size <= limits.maxEntries && chars <= limits.maxChars) break;
        remove(oldestId, oldest);
      }
    },
  };
}

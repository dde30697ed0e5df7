import type { Attempt } from '../job/job.ts';
import type { JobStore, TenantEvent } from '../store/store.ts';
import { findLinks } from './find-links.ts';
import { jobSpans } from './job-spans.ts';
import { type JobTrace, traceOf } from './job-trace.ts';
import type { TracedSpans } from './trace-exporter.ts';

export interface EndedJobsOptions {
  store: Pick<JobStore, 'allEvents' | 'events' | 'get' | 'pastAttempts'>;
  nodeId: string;
  isSampled: (trace: JobTrace) => boolean;
  now: () => number;
}

/** A job that has ended, and the event that tells of it. */
export interface EndedJob {
  eventId: number;
  traced: TracedSpans;
}

/** Reads the history of all jobs on from a place, and makes the spans of those that have ended. */
export interface EndedJobs {
  /** Up to which event it has read. */
  readonly position: number;
  /** Some more of them, those that are not sampled left out; null where there is nothing more at this moment. */
  next(): Promise<EndedJob[] | null>;
}

/** Reading a page and making its spans takes some milliseconds. */
const PAGE = 200;
/** Enough for one answer, also where jobs with many attempts ended together. */
const ENOUGH_SPANS = 512;
/** Beyond them a job that was tried again very often has no spans of its attempts. */
const MAX_EVENTS = 5_000;
/** Collectors do not want what is older, and a server that was without traces for long need not tell of all that time. */
const MAX_AGE_MS = 24 * 60 * 60 * 1_000;

/** @param fromId the event behind which it begins */
export function createEndedJobs({ store, nodeId, isSampled, now }: EndedJobsOptions, fromId: number): EndedJobs {
  let position = fromId;

  async function spansOf({ jobId, revision }: TenantEvent): Promise<TracedSpans | null> {
    const job = await store.get(jobId);
    // It was deleted meanwhile, and the id given to another.
    if (job === null || job.revision !== revision) return null;
    const trace = traceOf(job, nodeId);
    if (!isSampled(trace)) return null;
    const events = await store.events(jobId, 0, MAX_EVENTS);
    const past = job.retry === null ? [] : await store.pastAttempts(job.seq);
    const pastAttempts = past.map(({ attempt }) => attempt).filter((attempt): attempt is Attempt => attempt !== null);
    const links = await findLinks(job, nodeId, store.get, isSampled);
    return { trace, spans: jobSpans({ job, events, pastAttempts, links }, trace, nodeId) };
  }

  return {
    get position() {
      return position;
    },

    async next() {
      const page = await store.allEvents(position, PAGE);
      if (page.length === 0) return null;
      const ended: EndedJob[] = [];
      let spans = 0;
      for (const event of page) {
        const isWanted = event.type === 'ended' && event.atMs >= now() - MAX_AGE_MS;
        const traced = isWanted ? await spansOf(event) : null;
        position = event.id;
        if (traced === null) continue;
        ended.push({ eventId: event.id, traced });
        spans += traced.spans.length;
        if (spans >= ENOUGH_SPANS) break;
      }
      return ended;
    },
  };
}

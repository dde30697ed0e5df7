import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Job } from '../../job/job.ts';
import type { JobService } from '../../jobs/service.ts';
import { jobEtag, matchesEtag, representationTag } from '../conditional/etag.ts';
import { createDetailsCache, type RenderedDetails } from './details-cache.ts';
import { type JobDetailsSettings, renderJobDetails } from './job-details.ts';

export interface JobDetailsDoor {
  /** Sends the details of a job. Resolves to false where the id is unknown, and nothing was sent. */
  send(id: string, request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

const CACHED_ANSWERS = 4_096;
const CACHED_CHARS = 8 * 1024 * 1024;

/**
 * Answers `GET /api/jobs/{id}`, the request that dashboards and waiting clients repeat. The text of an answer is kept as long as its
 * job's revision stands, and written with Node's own calls: fastify's router and
 * reply took up to 4 µs of CPU more, of 20 µs in all.
 */
export function createJobDetailsDoor(options: {
  service: Pick<JobService, 'get'>;
  settings: JobDetailsSettings;
  nodeId: string;
}): JobDetailsDoor {
  const { service, settings } = options;
  const cache = createDetailsCache({ maxEntries: CACHED_ANSWERS, maxChars: CACHED_CHARS });
  const representation = representationTag(['details', settings.timeUnit, settings.pipName, options.nodeId]);

  function render(job: Job): RenderedDetails {
    const known = cache.get(job);
    if (known !== undefined) return known;
    const body = renderJobDetails(job, settings);
    const etag = jobEtag(job, representation);
    const lengthBytes = Buffer.byteLength(body);
    const typeHeaders = ['Content-Type', 'application/json; charset=utf-8', 'Content-Length', String(lengthBytes)];
    const headers = typeHeaders.concat(cachingHeaders(etag));
    const rendered = { seq: job.seq, revision: job.revision, etag, headers, body };
    cache.add(job.id, rendered);
    return rendered;
  }

  return {
    async send(id, request, response) {
      const job = await service.get(id);
      if (job === null) return false;
      const { etag, headers, body } = render(job);
      if (matchesEtag(request.headers['if-none-match'], etag)) {
        response.writeHead(304, cachingHeaders(etag));
        response.end();
        return true;
      }
      response.writeHead(200, headers);
      response.end(request.method === 'HEAD' ? undefined : body);
      return true;
    },
  };
}

/** To be kept only with a question each time: what a write has answered is visible to the next read. */
function cachingHeaders(etag: string): string[] {
  return ['ETag', etag, 'Cache-Control', 'no-cache', 'X-Content-Type-Options', 'nosniff'];
}

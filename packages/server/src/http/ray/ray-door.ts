import type { FastifyReply } from 'fastify';
import type { JobService } from '../../jobs/service.ts';
import type { PackageStore } from '../../packages/package-store.ts';
import type { OpenStreams } from '../streaming/open-streams.ts';
import type { PresentJob } from './present-job.ts';

/** What the routes of the Ray Jobs API work with. */
export interface RayDoor {
  service: JobService;
  packages: PackageStore;
  streams: OpenStreams;
  present: PresentJob;
  nodeId: string;
  /** Drover's own. */
  version: string;
  /** The bearer token in force, null for none. */
  readToken: () => string | null;
}

export const JSON_HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

/** Ray's client dies on a field too many in the small answers: they are written out where they are sent. */
export function sendJson(reply: FastifyReply, value: object): FastifyReply {
  return reply.headers(JSON_HEADERS).send(JSON.stringify(value));
}

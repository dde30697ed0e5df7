import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { droverError } from '../../errors/drover-error.ts';
import { isTerminal } from '../../job/status.ts';
import { etagHeader, ifNoneMatchHeader, jobEtag, matchesEtag, representationTag } from '../conditional/etag.ts';
import { singleParameter } from '../listing/query-parameters.ts';
import { sendLog } from '../logs/send-log.ts';
import { described } from '../openapi/described.ts';
import type { Operation } from '../openapi/operation.ts';
import { type QueryParameter, readQuery } from '../openapi/query-parameter.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { readAttempt, sendAttemptLog } from './attempt-log.ts';
import { attemptsResource } from './attempts-resource.ts';
import { wantsEventStream } from './event-stream.ts';
import type { SentJob } from './job-resource.ts';
import { sendLogEvents } from './log-event-stream.ts';
import { getLogs } from './log-operation.ts';
import { type NativeDoor, presentJob, sendJobNotFound, sendJson } from './native-door.ts';
import { jobIdPath } from './operation-parts.ts';
import { readBody } from './read-body.ts';
import { attemptList } from './schemas/attempt-list.ts';
import { job as jobSchema } from './schemas/job.ts';
import type { Sent } from './schemas/sent.ts';
import { stopAnswer } from './schemas/stop-answer.ts';
import { stopJob as stopJobBody } from './schemas/stop-job.ts';

const DEFAULT_WAIT_SECONDS = 30;
const MAX_WAIT_SECONDS = 300;

const getJob = {
  id: 'getJob',
  tag: 'Jobs',
  summary: 'One job',
  description:
    'The `ETag` covers the job and its revision. `pending_reason` and `stop.trouble` are computed when the request is answered, and are not covered.',
  path: jobIdPath,
  headers: { 'If-None-Match': ifNoneMatchHeader },
  answers: {
    200: { description: 'The job.', content: { 'application/json': jobSchema }, headers: { ETag: etagHeader } },
    304: { description: 'The job is as `If-None-Match` says.', headers: { ETag: etagHeader } },
  },
  errors: ['JOB_NOT_FOUND'],
} satisfies Operation;

const deleteJob = {
  id: 'deleteJob',
  tag: 'Jobs',
  summary: 'Delete a job that has ended',
  description: 'With its history, its output and its working directory.',
  path: jobIdPath,
  answers: { 204: { description: 'The job is gone.' } },
  errors: ['JOB_NOT_FOUND', 'JOB_NOT_ENDED', 'ELEMENT_NOT_STARTED', 'STORAGE_FULL'],
} satisfies Operation;

const timeout: QueryParameter<number> = {
  description: 'Seconds after which the job is answered as it is.',
  schema: z.number().min(0).max(MAX_WAIT_SECONDS).default(DEFAULT_WAIT_SECONDS),
  read(query, name) {
    const text = singleParameter(query, name);
    if (text === null) return DEFAULT_WAIT_SECONDS;
    const seconds = /^\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN;
    if (seconds <= MAX_WAIT_SECONDS) return seconds;
    throw droverError('INVALID_QUERY', { name, detail: `must be a number of seconds up to ${MAX_WAIT_SECONDS}` });
  },
};

const waitForJob = {
  id: 'waitForJob',
  tag: 'Jobs',
  summary: 'One job, once it has ended',
  path: jobIdPath,
  query: { timeout },
  answers: {
    200: {
      description: 'The job: it has ended, or the time is over, or the server shuts down.',
      content: { 'application/json': jobSchema },
    },
  },
  errors: ['JOB_NOT_FOUND'],
} satisfies Operation;

const listAttempts = {
  id: 'listJobAttempts',
  tag: 'Jobs',
  summary: 'Every attempt at a job, the first one first',
  path: jobIdPath,
  answers: { 200: { description: 'The attempts.', content: { 'application/json': attemptList } } },
  errors: ['JOB_NOT_FOUND'],
} satisfies Operation;

const stopJob = {
  id: 'stopJob',
  tag: 'Jobs',
  summary: 'Stop a job',
  description:
    'Answered when the intention is on disk: the job will end STOPPED. The driver gets SIGTERM, and SIGKILL after the grace. A second stop can ' +
    'only shorten it.',
  path: jobIdPath,
  body: { content: { 'application/json': stopJobBody }, isRequired: false },
  answers: {
    200: { description: 'Whether the job is being stopped.', content: { 'application/json': stopAnswer } },
  },
  errors: ['JOB_NOT_FOUND', 'ELEMENT_NOT_STARTED', 'STORAGE_FULL'],
} satisfies Operation;

/** The routes of one job, below `/api/v1/jobs/{id}`. */
export function addJobRoutes(app: FastifyInstance, door: NativeDoor): void {
  const { service, streams } = door;
  const representation = representationTag(['v1', door.nodeId]);

  addRoutes(app, '/api/v1/jobs/:id', {
    GET: described(getJob, async (request, reply) => {
      const job = await service.get(request.params.id);
      if (job === null) return sendJobNotFound(door, reply, request.params.id);
      const etag = jobEtag(job, representation);
      reply.header('etag', etag);
      if (matchesEtag(request.headers['if-none-match'], etag)) {
        return reply.code(304).header('cache-control', 'no-cache').send();
      }
      return sendJson<SentJob>(reply, presentJob(door, job)).header('cache-control', 'no-cache');
    }),
    DELETE: described(deleteJob, async (request, reply) => {
      const { id } = request.params;
      const job = await service.get(id);
      const outcome = await service.delete(id);
      if (job === null || outcome === 'unknown') return sendJobNotFound(door, reply, id);
      if (outcome === 'not_ended') throw droverError('JOB_NOT_ENDED', { id, status: job.status });
      return reply.code(204).send();
    }),
  });

  addRoutes(app, '/api/v1/jobs/:id/wait', {
    GET: described(waitForJob, async (request, reply) => {
      const { id } = request.params;
      const timeoutMs = Math.round(readQuery(waitForJob.query, request.url).timeout * 1000);
      const signal = streams.open(reply.raw, { endsWithServer: true, followsJobs: true });
      const job = await service.waitFor(id, ({ status }) => isTerminal(status), { timeoutMs, signal });
      return job === null ? sendJobNotFound(door, reply, id) : sendJson<SentJob>(reply, presentJob(door, job));
    }),
  });

  addRoutes(app, '/api/v1/jobs/:id/attempts', {
    GET: described(listAttempts, async (request, reply) => {
      const job = await service.get(request.params.id);
      if (job === null) return sendJobNotFound(door, reply, request.params.id);
      return sendJson<Sent<typeof attemptList>>(reply, {
        attempts: attemptsResource(job, await service.pastAttempts(job)),
      });
    }),
  });

  addRoutes(app, '/api/v1/jobs/:id/stop', {
    POST: described(stopJob, async (request, reply) => {
      const { id } = request.params;
      const seconds = readBody(stopJobBody, request.body ?? {}).grace_seconds;
      const outcome = await service.stop(id, seconds === undefined ? {} : { graceMs: Math.round(seconds * 1000) });
      const job = outcome === 'unknown' ? null : await service.get(id);
      if (job === null) return sendJobNotFound(door, reply, id);
      return sendJson<Sent<typeof stopAnswer>>(reply, { stopping: outcome === 'stopping', job: presentJob(door, job) });
    }),
  });

  addRoutes(app, '/api/v1/jobs/:id/logs', {
    GET: described(getLogs, async (request, reply) => {
      const { id } = request.params;
      const attempt = readAttempt(request);
      if (attempt !== null) return sendAttemptLog(door, request, reply, attempt);
      const isKnown = wantsEventStream(request)
        ? await sendLogEvents(door, request, reply, id)
        : await sendLog(request, reply, service.log(id), streams, { tellsEnd: true });
      return isKnown ? undefined : sendJobNotFound(door, reply, id);
    }),
  });
}

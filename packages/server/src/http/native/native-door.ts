import type { FastifyReply } from 'fastify';
import { droverError } from '../../errors/drover-error.ts';
import type { Job } from '../../job/job.ts';
import type { JobService } from '../../jobs/service.ts';
import type { SubmittedJob } from '../../jobs/submit-once.ts';
import type { QueueService } from '../../queues/queue-service.ts';
import type { ClusterState } from '../../scheduler/cluster-state.ts';
import type { ScheduleService } from '../../schedules/schedule-service.ts';
import type { WebhookService } from '../../webhooks/webhook-service.ts';
import type { OpenStreams } from '../streaming/open-streams.ts';
import { jobResource, type SentJob } from './job-resource.ts';
import { problemAnswer } from './problem.ts';

/** What the routes of the native API work with. */
export interface NativeDoor {
  service: JobService;
  queues: QueueService;
  /** Where drivers run, as it is now. */
  cluster: () => ClusterState;
  webhooks: WebhookService;
  schedules: ScheduleService;
  streams: OpenStreams;
  nodeId: string;
  /** Silence on a stream of events after which a comment is sent. */
  heartbeatMs: number;
  /** Drover's own. */
  version: string;
}

const HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

/** Sends an answer of the named type, which is that of its schema: `sendJson<Sent<typeof jobPage>>(reply, …)`. */
export function sendJson<Value extends object = never>(reply: FastifyReply, value: NoInfer<Value>): FastifyReply {
  return reply.headers(HEADERS).send(JSON.stringify(value));
}

/** A job with the reason why it waits, and why it is not stopped yet, as it is at this moment. */
export function presentJob({ service }: NativeDoor, job: Job): SentJob {
  return jobResource(job, { pendingReason: service.pendingReason(job), stopTrouble: service.stopTrouble(job) });
}

/** Answers a submit: 201 with the new job, 200 with the one that an earlier submit has made. */
export function sendSubmitted(door: NativeDoor, reply: FastifyReply, { job, isReplay }: SubmittedJob): FastifyReply {
  if (isReplay) reply.header('idempotency-replayed', 'true');
  reply.code(isReplay ? 200 : 201).header('location', `/api/v1/jobs/${encodeURIComponent(job.id)}`);
  return sendJson<SentJob>(reply, presentJob(door, job));
}

/** Answers 404 with the ids that look like the one that was asked for. */
export async function sendJobNotFound({ service }: NativeDoor, reply: FastifyReply, id: string): Promise<FastifyReply> {
  const similarIds = await service.similarIds(id);
  const answer = problemAnswer(droverError('JOB_NOT_FOUND', { id }), reply.request.id, { similar_ids: similarIds });
  return reply.code(answer.status).headers(answer.headers).send(answer.body);
}

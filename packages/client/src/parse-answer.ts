import type { Cluster } from './cluster.ts';
import type {
  BulkAnswer,
  Job,
  JobCounts,
  JobEvent,
  JobPage,
  JobTry,
  ServerVersion,
  StopAnswer,
  StoredPackage,
} from './job.ts';
import { unexpectedAnswer } from './problem.ts';
import type { Queue } from './queue.ts';
import type { Schedule } from './schedule.ts';
import type { Tenant } from './tenant.ts';
import type { Webhook, WebhookDeliveries, WebhookTest, WebhookWithSecret } from './webhook.ts';

/*
 * The rim where answers become types. Only what tells Drover's answers from a stranger's is checked: a newer server may
 * send more fields, and they are handed on.
 */

export function parseJob(value: unknown): Job {
  if (!isObject(value) || typeof value.id !== 'string' || typeof value.status !== 'string') {
    throw unexpectedAnswer(200, 'its answer is not a job');
  }
  return value as unknown as Job;
}

export function parseJobPage(value: unknown): JobPage {
  if (!isObject(value) || !Array.isArray(value.jobs)) throw unexpectedAnswer(200, 'its answer is not a list of jobs');
  const cursor = value.next_cursor;
  return { jobs: value.jobs.map(parseJob), next_cursor: typeof cursor === 'string' ? cursor : null };
}

export function parseAttempts(value: unknown): JobTry[] {
  if (!isObject(value) || !Array.isArray(value.attempts)) {
    throw unexpectedAnswer(200, 'its answer is not a list of attempts');
  }
  return value.attempts as JobTry[];
}

export function parseEvents(value: unknown): JobEvent[] {
  if (!isObject(value) || !Array.isArray(value.events)) throw unexpectedAnswer(200, 'its answer is not a history');
  return value.events as JobEvent[];
}

export function parseEvent(value: unknown): JobEvent {
  if (!isObject(value) || typeof value.id !== 'number' || typeof value.type !== 'string') {
    throw unexpectedAnswer(200, 'its answer is not an event');
  }
  return value as unknown as JobEvent;
}

export function parseStopAnswer(value: unknown): StopAnswer {
  if (!isObject(value) || typeof value.stopping !== 'boolean') {
    throw unexpectedAnswer(200, 'its answer does not say whether the job is being stopped');
  }
  return { stopping: value.stopping, job: parseJob(value.job) };
}

export function parseBulkAnswer(value: unknown): BulkAnswer {
  if (!isObject(value) || typeof value.done !== 'number' || !Array.isArray(value.ids)) {
    throw unexpectedAnswer(200, 'its answer does not count jobs');
  }
  return value as unknown as BulkAnswer;
}

export function parsePackage(value: unknown): StoredPackage {
  if (!isObject(value) || typeof value.name !== 'string' || typeof value.uri !== 'string') {
    throw unexpectedAnswer(200, 'its answer is not a package');
  }
  return value as unknown as StoredPackage;
}

export function parseCounts(value: unknown): JobCounts {
  if (!isObject(value) || !isObject(value.jobs) || typeof value.jobs.PENDING !== 'number') {
    throw unexpectedAnswer(200, 'its answer does not count jobs');
  }
  return value.jobs as unknown as JobCounts;
}

export function parseQueue(value: unknown): Queue {
  if (!isObject(value) || typeof value.name !== 'string' || typeof value.state !== 'string') {
    throw unexpectedAnswer(200, 'its answer is not a queue');
  }
  return value as unknown as Queue;
}

export function parseQueues(value: unknown): Queue[] {
  if (!isObject(value) || !Array.isArray(value.queues))
    throw unexpectedAnswer(200, 'its answer is not a list of queues');
  return value.queues.map(parseQueue);
}

export function parseSchedule(value: unknown): Schedule {
  if (!isObject(value) || typeof value.name !== 'string' || typeof value.cron !== 'string') {
    throw unexpectedAnswer(200, 'its answer is not a schedule');
  }
  return value as unknown as Schedule;
}

export function parseSchedules(value: unknown): Schedule[] {
  if (!isObject(value) || !Array.isArray(value.schedules)) {
    throw unexpectedAnswer(200, 'its answer is not a list of schedules');
  }
  return value.schedules.map(parseSchedule);
}

export function parseTenant(value: unknown): Tenant {
  if (!isObject(value) || typeof value.name !== 'string' || typeof value.weight !== 'number') {
    throw unexpectedAnswer(200, 'its answer is not a tenant');
  }
  return value as unknown as Tenant;
}

export function parseTenants(value: unknown): Tenant[] {
  if (!isObject(value) || !Array.isArray(value.tenants)) {
    throw unexpectedAnswer(200, 'its answer is not a list of tenants');
  }
  return value.tenants.map(parseTenant);
}

export function parseWebhook(value: unknown): Webhook {
  if (!isObject(value) || typeof value.id !== 'string' || typeof value.url !== 'string') {
    throw unexpectedAnswer(200, 'its answer is not a webhook');
  }
  return value as unknown as Webhook;
}

export function parseWebhookWithSecret(value: unknown): WebhookWithSecret {
  const webhook = parseWebhook(value);
  if (!('secret' in webhook) || typeof webhook.secret !== 'string') {
    throw unexpectedAnswer(200, 'its answer does not show the secret of a webhook');
  }
  return { ...webhook, secret: webhook.secret };
}

export function parseWebhooks(value: unknown): Webhook[] {
  if (!isObject(value) || !Array.isArray(value.webhooks)) {
    throw unexpectedAnswer(200, 'its answer is not a list of webhooks');
  }
  return value.webhooks.map(parseWebhook);
}

export function parseWebhookTest(value: unknown): WebhookTest {
  if (!isObject(value) || typeof value.delivered !== 'boolean') {
    throw unexpectedAnswer(200, 'its answer does not say what a test has come to');
  }
  return value as unknown as WebhookTest;
}

export function parseDeliveries(value: unknown): WebhookDeliveries {
  if (!isObject(value) || !Array.isArray(value.waiting) || !Array.isArray(value.finished)) {
    throw unexpectedAnswer(200, 'its answer does not list deliveries');
  }
  return value as unknown as WebhookDeliveries;
}

export function parseVersion(value: unknown): ServerVersion {
  if (!isObject(value) || typeof value.version !== 'string' || typeof value.api !== 'string') {
    throw unexpectedAnswer(200, 'its answer is not a version');
  }
  return value as unknown as ServerVersion;
}

export function parseCluster(value: unknown): Cluster {
  if (!isObject(value) || !Array.isArray(value.nodes)) throw unexpectedAnswer(200, 'its answer is not a cluster');
  return value as unknown as Cluster;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

import type { BulkAnswer, Job, JobCounts, JobEvent, JobPage, ServerVersion, StopAnswer, StoredPackage } from './job.ts';
import { unexpectedAnswer } from './problem.ts';
import type { Queue } from './queue.ts';
import type { Tenant } from './tenant.ts';

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

export function parseVersion(value: unknown): ServerVersion {
  if (!isObject(value) || typeof value.version !== 'string' || typeof value.api !== 'string') {
    throw unexpectedAnswer(200, 'its answer is not a version');
  }
  return value as unknown as ServerVersion;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

import type { Job, JobEvent, JobPage, ServerVersion, StopAnswer, StoredPackage } from './job.ts';
import { unexpectedAnswer } from './problem.ts';

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

export function parsePackage(value: unknown): StoredPackage {
  if (!isObject(value) || typeof value.name !== 'string' || typeof value.uri !== 'string') {
    throw unexpectedAnswer(200, 'its answer is not a package');
  }
  return value as unknown as StoredPackage;
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

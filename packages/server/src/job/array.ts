import type { JobEnd } from './end.ts';
import type { Job, JobSpec } from './job.ts';
import type { JobStatus } from './status.ts';

/** One submit that stands for many jobs, its elements: alike but for their index, 0 to `size` - 1. */
export interface ArraySpec {
  size: number;
  /** How many of them run at once; null: as many as there is room for. */
  maxRunning: number | null;
}

/** Which element of which array a job is. */
export interface ElementOf {
  arrayId: string;
  index: number;
  /** Of the array, see there. */
  size: number;
  maxRunning: number | null;
}

/** How far an array has come. Elements become jobs of their own when their turn has come; before that they are only counted. */
export interface ArrayState {
  /** The next element that becomes a job; those below it have. */
  next: number;
  /** Of the elements that have become jobs, how many are in each status. */
  counts: Record<JobStatus, number>;
  /** The first that was told to have failed, with its reason. */
  firstFailure: { id: string; code: string; message: string } | null;
}

export function newArrayState(): ArrayState {
  return { next: 0, counts: { PENDING: 0, RUNNING: 0, SUCCEEDED: 0, FAILED: 0, STOPPED: 0 }, firstFailure: null };
}

/** Not among the ids that clients can choose. */
export function elementId(arrayId: string, index: number): string {
  return `${arrayId}${SEPARATOR}${index}`;
}

/** Whether a job has, by its id, become of an element of this array. */
export function isElementOf(arrayId: string, id: string): boolean {
  return id.startsWith(`${arrayId}${SEPARATOR}`);
}

const SEPARATOR = ':';

/** The job that an element becomes. @param nowMs when its turn has come */
export function makeElement(array: Job, index: number, nowMs: number): Job {
  const { array: asked, after: _, ...spec }: JobSpec = array.spec;
  if (asked === undefined) throw new Error(`job ${array.id} is no array`);
  return {
    ...array,
    seq: 0,
    id: elementId(array.id, index),
    spec: { ...spec, element: { arrayId: array.id, index, ...asked } },
    status: 'PENDING',
    revision: 1,
    submittedAtMs: nowMs,
    metDependencies: [],
    array: null,
  };
}

/** Whether a job counts as the element that it says it is: a copy of one, made by a retry, does not. */
export function isElement({ id, spec }: Job): boolean {
  return spec.element !== undefined && id === elementId(spec.element.arrayId, spec.element.index);
}

/** The array with one of its elements counted anew. @param before null where the element has just become a job */
export function countElement(array: Job, before: Job | null, after: Job): Job {
  if (array.array === null) throw new Error(`job ${array.id} is no array`);
  const counts = { ...array.array.counts };
  if (before !== null) counts[before.status] -= 1;
  counts[after.status] += 1;
  const { next, firstFailure } = array.array;
  const failure =
    after.status === 'FAILED' && after.end !== null
      ? { id: after.id, code: after.end.code, message: after.end.message }
      : null;
  return {
    ...array,
    revision: array.revision + 1,
    status: array.status === 'PENDING' && after.status === 'RUNNING' ? 'RUNNING' : array.status,
    array: { next: before === null ? next + 1 : next, counts, firstFailure: firstFailure ?? failure },
  };
}

/** The end of an array of which nothing runs or waits any more; null while something does. */
export function endOfArray({ spec, array, stop }: Job): JobEnd | null {
  if (array === null || spec.array === undefined) return null;
  const { next, counts, firstFailure } = array;
  const isOver = counts.PENDING + counts.RUNNING === 0 && (next >= spec.array.size || stop !== null);
  if (!isOver) return null;
  const failed = counts.FAILED + counts.STOPPED;
  if (failed === 0) return { status: 'SUCCEEDED', code: 'NONE', message: '', exitCode: 0 };
  const first =
    firstFailure === null ? '' : `; the first: ${firstFailure.id} (${firstFailure.code}: ${firstFailure.message})`;
  const message = `${failed} of ${spec.array.size} elements did not succeed${first}`;
  return { status: 'FAILED', code: 'ELEMENTS_FAILED', message, exitCode: 1 };
}

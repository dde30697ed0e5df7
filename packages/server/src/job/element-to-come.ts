import { elementId, makeElement } from './array.ts';
import type { JobEnd } from './end.ts';
import type { Job } from './job.ts';
import { stoppedEnd } from './transition.ts';

/** Which element of which array an id names; null where it names none. */
export function elementNamed(id: string): { arrayId: string; index: number } | null {
  const at = id.lastIndexOf(':');
  const parts = { arrayId: id.slice(0, at), index: Number(id.slice(at + 1)) };
  return at > 0 && elementId(parts.arrayId, parts.index) === id ? parts : null;
}

/**
 * An element that has not become a job, as it would be seen if it had: it waits, or has ended with its array before its turn came. Null where
 * the array has no such element, or has made a job of it.
 */
export function elementToCome(array: Job, index: number): Job | null {
  if (array.array === null || array.spec.array === undefined) return null;
  if (index < array.array.next || index >= array.spec.array.size) return null;
  const element: Job = {
    ...makeElement(array, index, array.submittedAtMs),
    // The job that it becomes has a number of its own, so that no tag of the one is one of the other.
    seq: array.seq,
  };
  const ended = endBeforeTurn(array);
  if (ended === null) return element;
  const { end, atMs } = ended;
  return { ...element, status: end.status, revision: 2, stop: array.stop, end, endedAtMs: atMs };
}

/** A stop that is on disk lets no element start any more, however long those that run take to end. */
function endBeforeTurn({ stop, end, endedAtMs }: Job): { end: JobEnd; atMs: number } | null {
  if (stop !== null) return { end: stoppedEnd(stop, { exitCode: null }), atMs: stop.requestedAtMs };
  return end === null || endedAtMs === null ? null : { end, atMs: endedAtMs };
}

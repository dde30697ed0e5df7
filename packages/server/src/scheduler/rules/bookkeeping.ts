import { elementId } from '../../job/array.ts';
import { arrayGate, type Books, engineBook, laneKey, newShape, queueBook, rationOf, tenantBook } from './books.ts';
import { giveBack, take } from './free-resources.ts';
import { createLane } from './lane.ts';
import { amountsOf, book } from './limits.ts';
import type { QueuedJob } from './queued-job.ts';
import { hold } from './standing.ts';

/** Lets a job wait. Answers whether it is the first of its kind, which a round would look at. */
export function addWaiting(books: Books, job: QueuedJob): boolean {
  const { lanes } = queueBook(books, job.queue);
  const key = laneKey(job);
  let book = lanes.get(key);
  if (book === undefined) {
    book = { tenant: job.tenant, engine: engineBook(books, job.demand.engine), lane: createLane() };
    lanes.set(key, book);
  }
  books.waiting.set(job.id, job);
  count(books, job, 1);
  return book.lane.add(job);
}

/** Takes a job out of the waiting. Answers whether it was the first of its kind. */
export function removeWaiting(books: Books, job: QueuedJob): boolean {
  const { lanes } = queueBook(books, job.queue);
  const key = laneKey(job);
  const lane = lanes.get(key)?.lane;
  if (lane === undefined || !books.waiting.delete(job.id)) return false;
  count(books, job, -1);
  const wasFirst = lane.remove(job);
  if (lane.size === 0) lanes.delete(key);
  return wasFirst;
}

/**
 * The turn of a waiting job has come: it waits no longer. Of an array it is the turn of the next element, and the array waits until that was the
 * last. Answers what starts.
 */
export function takeTurn(books: Books, job: QueuedJob): QueuedJob {
  const { array, ...rest } = job;
  if (array === undefined) {
    removeWaiting(books, job);
    return job;
  }
  const element = { ...rest, id: elementId(job.id, array.next) };
  if (array.next === array.size - 1) {
    removeWaiting(books, job);
  } else {
    countWaiting(books, job, -1);
  }
  array.next += 1;
  return element;
}

function countWaiting(books: Books, { queue, tenant, demand }: QueuedJob, jobs: number): void {
  queueBook(books, queue).waiting += jobs;
  tenantBook(books, tenant).waiting += jobs;
  engineBook(books, demand.engine).waiting += jobs;
}

function count(books: Books, job: QueuedJob, step: 1 | -1): void {
  countWaiting(books, job, step * (job.array === undefined ? 1 : job.array.size - job.array.next));
  if (job.boundMs !== null) engineBook(books, job.demand.engine).boundedWaiting += step;
  countShape(books, job, step);
}

function countShape(books: Books, { queue, demand, boundMs }: QueuedJob, step: 1 | -1): void {
  const shapes = books.queues.get(queue)?.shapes;
  const shape = shapes?.get(demand.shape) ?? newShape(engineBook(books, demand.engine), demand);
  shape.jobs += step;
  if (boundMs !== null) shape.bounded += step;
  if (shape.jobs === 0) shapes?.delete(demand.shape);
  else shapes?.set(demand.shape, shape);
}

/** Books what a job holds from now on, whether it fits or not. @param atBookMs in the time of the books */
export function occupy(
  books: Books,
  job: QueuedJob,
  gpus: readonly string[],
  { startedAtMs, atBookMs }: { startedAtMs: number; atBookMs: number },
): void {
  const engine = engineBook(books, job.demand.engine);
  engine.free = take(engine.free, rationOf(engine, job.demand), gpus);
  const endsAtMs = job.boundMs === null ? null : startedAtMs + job.boundMs;
  engine.holdings.add({ job, gpus, endsAtMs });
  books.running.set(job.id, engine);
  bookAtGates(books, job, 1, atBookMs);
}

/** Frees what a job held; nothing happens where it held nothing. */
export function release(books: Books, jobId: string, atBookMs: number): void {
  const engine = books.running.get(jobId);
  const holding = engine?.holdings.remove(jobId);
  if (engine === undefined || holding === undefined) return;
  books.running.delete(jobId);
  engine.free = giveBack(engine.free, rationOf(engine, holding.job.demand), holding.gpus);
  bookAtGates(books, holding.job, -1, atBookMs);
  const { arrayLimit } = holding.job;
  // One that nothing runs of is made anew when it is needed.
  if (arrayLimit !== undefined && arrayGate(books, holding.job)?.used.running === 0)
    books.arrays.delete(arrayLimit.arrayId);
}

function bookAtGates(books: Books, job: QueuedJob, sign: 1 | -1, nowMs: number): void {
  const { queue, tenant, demand } = job;
  const amounts = amountsOf(demand);
  const ofArray = arrayGate(books, job);
  if (ofArray !== null) book(ofArray, amounts, sign);
  const { gate, standing } = tenantBook(books, tenant);
  book(queueBook(books, queue).gate, amounts, sign);
  book(gate, amounts, sign);
  hold(standing, demand, sign, { totals: books.totals, nowMs, halfLifeMs: books.options.halfLifeMs });
}

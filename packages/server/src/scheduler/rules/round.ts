import { occupy, takeTurn } from './bookkeeping.ts';
import { arrayGate, type Books, type EngineBook, isEngineFull, type QueueBook, type WaitingShape } from './books.ts';
import { type Amounts, type Gate, isBeyond, lackAt, noAmounts, setAsideAt } from './limits.ts';
import { createOpenShapes } from './open-shapes.ts';
import type { QueuedJob } from './queued-job.ts';
import { createEngineRoom, type EngineRoomLeft } from './reservations.ts';
import type { Admission } from './rule-book.ts';
import { type Place, walkTier } from './tier-walk.ts';

/** A moment by the clock, and in the time of the books. */
interface Moment {
  nowMs: number;
  atBookMs: number;
}

/** One round over all that wait: starts what may start, and books it. See `docs/scheduling-rules.md`. */
export function runRound(books: Books, { nowMs, atBookMs }: Moment): Admission[] {
  const rooms = new Map<EngineBook, EngineRoomLeft>();
  const openShapes = createOpenShapes(books, roomOf);
  const asides = new Map<Gate, Amounts>();
  const admissions: Admission[] = [];
  const firstReserved = new Map<EngineBook, string>();

  function roomOf(engine: EngineBook): EngineRoomLeft {
    let room = rooms.get(engine);
    if (room === undefined) {
      room = createEngineRoom(engine.free);
      rooms.set(engine, room);
    }
    return room;
  }

  /** Blocks the job at the first gate that it does not pass, or gives it what it needs. */
  function lookAt(job: QueuedJob, { tenant, queue, engine }: Place): Admission | null {
    const { amounts, ration } = shapeOf(job, queue);
    if (isStoppedAt(tenant.gate, amounts)) {
      setAside(tenant.gate, amounts);
      return null;
    }
    if (isStoppedAt(queue.gate, amounts)) {
      setAside(tenant.gate, amounts);
      setAside(queue.gate, amounts);
      return null;
    }
    const room = roomOf(engine);
    const gpus = room.claim(ration);
    if (gpus !== null) return { job, gpus, isBackfill: false };
    const lent = job.boundMs === null ? null : room.claimUntil(ration, nowMs + job.boundMs);
    if (lent !== null) return { job, gpus: lent, isBackfill: true };
    setAside(tenant.gate, amounts);
    setAside(queue.gate, amounts);
    // Only jobs with a bound ask for the time, and only jobs with devices for these.
    const isTimeAskedFor = engine.boundedWaiting > 0 || ration.wholeGpus > 0 || ration.gpuShare > 0;
    if (!firstReserved.has(engine)) firstReserved.set(engine, job.id);
    room.reserve(ration, () => (isTimeAskedFor ? engine.holdings.latestStart(engine.free, ration, nowMs) : null));
    return null;
  }

  function isStoppedAt(gate: Gate, amounts: Amounts): boolean {
    return gate.isLimited && lackAt(gate, amounts, asides.get(gate)) !== null;
  }

  function setAside(gate: Gate, amounts: Amounts): void {
    if (!gate.isLimited) return;
    const aside = asides.get(gate) ?? noAmounts();
    setAsideAt(gate, amounts, aside);
    asides.set(gate, aside);
  }

  /** Whether it has as many elements running as its array may have, or asks for more than there can ever be. */
  function isPassedOver(job: QueuedJob, { tenant, queue }: Place): boolean {
    const { amounts, fitsEngine } = shapeOf(job, queue);
    const ofArray = arrayGate(books, job);
    if (ofArray !== null && lackAt(ofArray, amounts) !== null) return true;
    return !fitsEngine || isBeyond(tenant.gate, amounts) || isBeyond(queue.gate, amounts);
  }

  function tryToStart(job: QueuedJob, place: Place): boolean {
    const admission = lookAt(job, place);
    if (admission !== null) {
      // An array starts one element by it, and others like everybody.
      if (place.engine.pledged === job.id) place.engine.pledged = null;
      const started = takeTurn(books, job);
      occupy(books, started, admission.gpus, { startedAtMs: nowMs, atBookMs });
      admissions.push({ ...admission, job: started });
    }
    openShapes.narrow();
    return admission !== null;
  }

  const engines = [...books.engines.values()];
  const isOver = () => openShapes.isNone() || engines.every(isEngineFull);
  for (const queues of tiersOf(books)) {
    if (isOver()) break;
    walkTier({ books, queues, atBookMs, isPassedOver, tryToStart, isOver });
  }
  for (const [engine, jobId] of firstReserved) engine.pledged = jobId;
  return admissions;
}

function shapeOf(job: QueuedJob, { shapes }: QueueBook): WaitingShape {
  const shape = shapes.get(job.demand.shape);
  if (shape === undefined) throw new Error(`job ${job.id} waits but is not counted`);
  return shape;
}

/** The queues that are not paused and have waiting jobs, by their priority, the highest first. */
function tiersOf(books: Books): string[][] {
  const tiers = new Map<number, string[]>();
  for (const [name, { rules, waiting }] of books.queues) {
    if (waiting === 0 || rules.state === 'paused') continue;
    const tier = tiers.get(rules.priority) ?? [];
    tier.push(name);
    tiers.set(rules.priority, tier);
  }
  return [...tiers].sort(([one], [other]) => other - one).map(([, names]) => names);
}

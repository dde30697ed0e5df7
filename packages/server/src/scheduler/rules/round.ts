import { occupy, takeTurn } from './bookkeeping.ts';
import { arrayGate, type Books } from './books.ts';
import type { LatestStart } from './holdings.ts';
import { type Amounts, type Gate, isBeyond, lackAt, noAmounts, setAsideAt } from './limits.ts';
import { createOpenShapes } from './open-shapes.ts';
import type { QueuedJob } from './queued-job.ts';
import { createMachineRoom } from './reservations.ts';
import type { Admission } from './rule-book.ts';
import { type LookOutcome, type Place, walkTier } from './tier-walk.ts';

/** Reservations of one round that have a time. More would cost more than they let through. */
const TIMED_RESERVATIONS = 8;

/** A moment by the clock, and in the time of the books. */
interface Moment {
  nowMs: number;
  atBookMs: number;
}

/** One round over all that wait: starts what may start, and books it. See `docs/scheduling-rules.md`. */
export function runRound(books: Books, { nowMs, atBookMs }: Moment): Admission[] {
  const { options, holdings } = books;
  const room = createMachineRoom(books.free);
  const openShapes = createOpenShapes(books, room);
  const asides = new Map<Gate, Amounts>();
  const admissions: Admission[] = [];
  let reservations = 0;

  /** Blocks the job at the first gate that it does not pass, or gives it what it needs. */
  function lookAt(job: QueuedJob, amounts: Amounts, { tenant, queue }: Place): Admission | null {
    if (isStoppedAt(tenant.gate, amounts)) {
      setAside(tenant.gate, amounts);
      return null;
    }
    if (isStoppedAt(queue.gate, amounts)) {
      setAside(tenant.gate, amounts);
      setAside(queue.gate, amounts);
      return null;
    }
    const gpus = room.claim(job.demand);
    if (gpus !== null) return { job, gpus, isBackfill: false };
    const lent = job.boundMs === null ? null : room.claimUntil(job.demand, nowMs + job.boundMs);
    if (lent !== null) return { job, gpus: lent, isBackfill: true };
    setAside(tenant.gate, amounts);
    setAside(queue.gate, amounts);
    room.reserve(job.demand, latestStart(job));
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

  function latestStart({ demand }: QueuedJob): LatestStart | null {
    reservations += 1;
    // Only jobs with a bound ask for the time, and only jobs with devices for these.
    const isAskedFor = books.boundedWaiting > 0 || demand.wholeGpus > 0 || demand.gpuShare > 0;
    return reservations > TIMED_RESERVATIONS || !isAskedFor ? null : holdings.latestStart(books.free, demand, nowMs);
  }

  /** Whether it has as many elements running as its array may have, or asks for more than there can ever be. */
  function isPassedOver(job: QueuedJob, amounts: Amounts, fitsMachine: boolean, { tenant, queue }: Place): boolean {
    const ofArray = arrayGate(books, job);
    if (ofArray !== null && lackAt(ofArray, amounts) !== null) return true;
    return !fitsMachine || isBeyond(tenant.gate, amounts) || isBeyond(queue.gate, amounts);
  }

  function tryToStart(job: QueuedJob, place: Place): LookOutcome {
    const shape = place.queue.shapes.get(job.demand.shape);
    if (shape === undefined) throw new Error(`job ${job.id} waits but is not counted`);
    const { amounts, fitsMachine } = shape;
    if (isPassedOver(job, amounts, fitsMachine, place)) return 'passed_over';
    const admission = lookAt(job, amounts, place);
    if (admission !== null) {
      const started = takeTurn(books, job);
      occupy(books, started, admission.gpus, { startedAtMs: nowMs, atBookMs });
      admissions.push({ ...admission, job: started });
    }
    openShapes.narrow();
    return admission === null ? 'blocked' : 'started';
  }

  const isOver = () => holdings.size >= options.maxRunning || openShapes.isNone();
  for (const queues of tiersOf(books)) {
    if (isOver()) break;
    walkTier({ books, queues, atBookMs, tryToStart, isOver });
  }
  return admissions;
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

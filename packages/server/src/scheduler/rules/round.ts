import { occupy, takeTurn } from './bookkeeping.ts';
import { arrayGate, type Books, queueBook, tenantBook } from './books.ts';
import { fits } from './free-resources.ts';
import type { LatestStart } from './holdings.ts';
import { type Amounts, amountsOf, type Gate, isBeyond, lackAt, noAmounts, setAsideAt } from './limits.ts';
import type { QueuedJob } from './queued-job.ts';
import { createMachineRoom } from './reservations.ts';
import type { Admission } from './rule-book.ts';
import { type LookOutcome, walkTier } from './tier-walk.ts';

/** Reservations of one round that have a time. More would cost more than they let through. */
const TIMED_RESERVATIONS = 8;

/** With more different demands than this it is not asked beforehand whether any of them fits. */
const MAX_SHAPES_TO_ASK = 64;

/** A moment by the clock, and in the time of the books. */
interface Moment {
  nowMs: number;
  atBookMs: number;
}

/** One round over all that wait: starts what may start, and books it. See `docs/scheduling-rules.md`. */
export function runRound(books: Books, { nowMs, atBookMs }: Moment): Admission[] {
  const { options, holdings } = books;
  const room = createMachineRoom(books.free);
  const asides = new Map<Gate, Amounts>();
  const admissions: Admission[] = [];
  let reservations = 0;

  function isAtOwnLimit(job: QueuedJob): boolean {
    const gate = arrayGate(books, job);
    return gate !== null && lackAt(gate, amountsOf(job.demand)) !== null;
  }

  /** Blocks the job at the first gate that it does not pass, or gives it what it needs. */
  function lookAt(job: QueuedJob): Admission | null {
    const amounts = amountsOf(job.demand);
    const gates = [tenantBook(books, job.tenant).gate, queueBook(books, job.queue).gate];
    for (const [index, gate] of gates.entries()) {
      if (lackAt(gate, amounts, asides.get(gate)) === null) continue;
      setAside(gates.slice(0, index + 1), amounts);
      return null;
    }
    const gpus = room.claim(job.demand);
    if (gpus !== null) return { job, gpus, isBackfill: false };
    const lent = job.boundMs === null ? null : room.claimUntil(job.demand, nowMs + job.boundMs);
    if (lent !== null) return { job, gpus: lent, isBackfill: true };
    setAside(gates, amounts);
    room.reserve(job.demand, latestStart(job));
    return null;
  }

  function setAside(gates: readonly Gate[], amounts: Amounts): void {
    for (const gate of gates) {
      const aside = asides.get(gate) ?? noAmounts();
      setAsideAt(gate, amounts, aside);
      asides.set(gate, aside);
    }
  }

  function latestStart({ demand }: QueuedJob): LatestStart | null {
    reservations += 1;
    // Only jobs with a bound ask for the time, and only jobs with devices for these.
    const isAskedFor = books.boundedWaiting > 0 || demand.wholeGpus > 0 || demand.gpuShare > 0;
    return reservations > TIMED_RESERVATIONS || !isAskedFor ? null : holdings.latestStart(books.free, demand, nowMs);
  }

  function tryToStart(job: QueuedJob): LookOutcome {
    if (isAtOwnLimit(job) || canNeverStart(books, job)) return 'passed_over';
    const admission = lookAt(job);
    if (admission === null) return 'blocked';
    const started = takeTurn(books, job);
    occupy(books, started, admission.gpus, { startedAtMs: nowMs, atBookMs });
    admissions.push({ ...admission, job: started });
    return 'started';
  }

  const isOver = () => holdings.size >= options.maxRunning || !mayAnyStart(books);
  for (const queues of tiersOf(books)) {
    if (isOver()) break;
    walkTier({ books, queues, atBookMs, tryToStart, isOver });
  }
  return admissions;
}

/** Whether the job needs more than its tenant's whole quota, its queue's whole limit or the whole machine. */
function canNeverStart(books: Books, { tenant, queue, demand }: QueuedJob): boolean {
  const amounts = amountsOf(demand);
  return (
    isBeyond(tenantBook(books, tenant).gate, amounts) ||
    isBeyond(queueBook(books, queue).gate, amounts) ||
    books.shapes.get(demand.shape)?.fitsMachine === false
  );
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

/** Whether there is a demand among the waiting that fits in what is free: where there is none, a walk finds nothing. */
function mayAnyStart({ shapes, free }: Books): boolean {
  if (shapes.size > MAX_SHAPES_TO_ASK) return true;
  for (const { demand } of shapes.values()) if (fits(free, demand)) return true;
  return false;
}

import {
  type Books,
  type EngineBook,
  isEngineFull,
  type QueueBook,
  queueBook,
  type TenantBook,
  tenantBook,
} from './books.ts';
import type { Lane } from './lane.ts';
import { isFull } from './limits.ts';
import { lowestIndex } from './ordered-jobs.ts';
import { compareRank, type QueuedJob, type Rank } from './queued-job.ts';
import { averageAt } from './standing.ts';

/** Blocked jobs of one tenant in one queue and engine after which a round looks no further there. */
const MAX_BLOCKED = 32;

/** Where a job waits. */
export interface Place {
  tenant: TenantBook;
  queue: QueueBook;
  engine: EngineBook;
}

export interface TierWalk {
  books: Books;
  /** Queues of one priority. */
  queues: readonly string[];
  atBookMs: number;
  /** Whether a limit of its own keeps the job back, which is nobody else's business. No other tenant's start changes that. */
  isPassedOver(job: QueuedJob, place: Place): boolean;
  /** Takes the job, or an element of it, out of the waiting and books it where it may start; else it is blocked. */
  tryToStart(job: QueuedJob, place: Place): boolean;
  /** Whether nothing more can start in this round. */
  isOver(): boolean;
}

/** How far the walk has come in one lane. */
interface LaneWalk extends Place {
  lane: Lane;
  /** Everything up to here was looked at. */
  reached: Rank | null;
  blocked: number;
}

/** A tenant whose next job is to be looked at. */
interface Candidate {
  standing: number;
  lanes: LaneWalk[];
  job: QueuedJob;
  /** Whether what its engine has free is being kept for it since an earlier round. */
  isPledged: boolean;
  /** The one of `lanes` that the job is in. */
  from: LaneWalk;
}

/** Looks at the jobs of one tier in the order of the rules. */
export function walkTier({ books, queues, atBookMs, isPassedOver, tryToStart, isOver }: TierWalk): void {
  const candidates: Candidate[] = [];

  const enter = (lanes: LaneWalk[], standing: number) => {
    const next = nextOf(lanes);
    if (next === null) return;
    const isPledged = next.from.engine.pledged === next.job.id;
    const candidate = { lanes, standing, isPledged, ...next };
    const index = lowestIndex(candidates.length, (at) => comesBefore(candidate, candidates[at]));
    candidates.splice(index, 0, candidate);
  };

  /** As if those that are passed over were not there. */
  const nextOf = (lanes: readonly LaneWalk[]) => {
    for (let next = nextJob(lanes); next !== null; next = nextJob(lanes)) {
      if (!isPassedOver(next.job, next.from)) return next;
      next.from.reached = next.job;
    }
    return null;
  };

  for (const [tenant, lanes] of lanesByTenant(books, queues)) enter(lanes, standingOf(books, tenant, atBookMs));
  for (let first = candidates.shift(); first !== undefined; first = candidates.shift()) {
    const { lanes, job, from, standing } = first;
    // Its engine has filled up since it entered: another job of the tenant has its turn.
    if (isEngineFull(from.engine)) {
      enter(lanes, standing);
      continue;
    }
    const isStarted = tryToStart(job, from);
    if (isOver()) return;
    if (!isStarted) from.blocked += 1;
    // An array that has started one element may start another.
    if (!isStarted || !books.waiting.has(job.id)) from.reached = job;
    enter(lanes, isStarted ? standingOf(books, from.tenant, atBookMs) : standing);
  }
}

function lanesByTenant(books: Books, queues: readonly string[]): Map<TenantBook, LaneWalk[]> {
  const byTenant = new Map<TenantBook, LaneWalk[]>();
  for (const name of queues) {
    const queue = queueBook(books, name);
    const isQueueFull = isFull(queue.gate);
    for (const { tenant: tenantName, engine, lane } of queue.lanes.values()) {
      if (isEngineFull(engine)) continue;
      const tenant = tenantBook(books, tenantName);
      // Nothing of it can start, and what would be set aside is of no use to anybody else.
      if (isFull(tenant.gate) || (isQueueFull && !tenant.gate.isLimited)) continue;
      const walks = byTenant.get(tenant) ?? [];
      walks.push({ tenant, queue, engine, lane, reached: null, blocked: 0 });
      byTenant.set(tenant, walks);
    }
  }
  return byTenant;
}

/** The first job by rank that was not looked at, in all lanes of a tenant. */
function nextJob(lanes: readonly LaneWalk[]): { job: QueuedJob; from: LaneWalk } | null {
  let best: { job: QueuedJob; from: LaneWalk } | null = null;
  for (const from of lanes) {
    if (from.blocked >= MAX_BLOCKED || isEngineFull(from.engine)) continue;
    const job = from.lane.nextHead(from.reached);
    if (job !== null && (best === null || compareRank(job, best.job) < 0)) best = { job, from };
  }
  return best;
}

function comesBefore(one: Candidate, other: Candidate | undefined): boolean {
  if (other === undefined) return true;
  if (one.isPledged !== other.isPledged) return one.isPledged;
  return one.standing < other.standing || (one.standing === other.standing && compareRank(one.job, other.job) < 0);
}

function standingOf({ options }: Books, { standing, rules }: TenantBook, atBookMs: number): number {
  return (averageAt(standing, atBookMs, options.halfLifeMs) + standing.dominantShare) / rules.weight;
}

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

/** What came of a look at a job. `passed_over`: it is held back by a limit of its own, which is nobody else's business. */
export type LookOutcome = 'started' | 'blocked' | 'passed_over';

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
  /** Whether a limit of its own keeps the job back, now and for the rest of the round. */
  isPassedOver(job: QueuedJob, place: Place): boolean;
  /** Takes the job, or an element of it, out of the waiting and books it where it may start. */
  tryToStart(job: QueuedJob, place: Place): LookOutcome;
  /** Whether nothing more can start in this round. */
  isOver(): boolean;
}

/** How far the walk has come in one lane. */
interface LaneWalk {
  queue: QueueBook;
  engine: EngineBook;
  lane: Lane;
  /** Everything up to here was looked at. */
  reached: Rank | null;
  blocked: number;
}

/** A tenant whose next job is to be looked at. */
interface Candidate {
  tenant: TenantBook;
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

  const enter = (tenant: TenantBook, lanes: LaneWalk[], standing: number) => {
    const next = nextOf(tenant, lanes);
    if (next === null) return;
    const isPledged = next.from.engine.pledged === next.job.id;
    const candidate = { tenant, lanes, standing, isPledged, ...next };
    const index = lowestIndex(candidates.length, (at) => comesBefore(candidate, candidates[at]));
    candidates.splice(index, 0, candidate);
  };

  /** As if those that are passed over were not there. */
  const nextOf = (tenant: TenantBook, lanes: readonly LaneWalk[]) => {
    for (let next = nextJob(lanes); next !== null; next = nextJob(lanes)) {
      const { job, from } = next;
      if (!isPassedOver(job, { tenant, queue: from.queue, engine: from.engine })) return next;
      from.reached = job;
    }
    return null;
  };

  for (const [tenant, lanes] of lanesByTenant(books, queues)) enter(tenant, lanes, standingOf(books, tenant, atBookMs));
  for (let first = candidates.shift(); first !== undefined; first = candidates.shift()) {
    const { tenant, lanes, job, from } = first;
    // Its engine has filled up since it entered: another job of the tenant has its turn.
    if (isEngineFull(from.engine)) {
      enter(tenant, lanes, first.standing);
      continue;
    }
    const outcome = tryToStart(job, { tenant, queue: from.queue, engine: from.engine });
    if (isOver()) return;
    if (outcome === 'blocked') from.blocked += 1;
    // An array that has started one element may start another.
    if (outcome !== 'started' || !books.waiting.has(job.id)) from.reached = job;
    enter(tenant, lanes, outcome === 'started' ? standingOf(books, tenant, atBookMs) : first.standing);
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
      walks.push({ queue, engine, lane, reached: null, blocked: 0 });
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

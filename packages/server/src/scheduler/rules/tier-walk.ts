import { type Books, queueBook, tenantBook } from './books.ts';
import type { Lane } from './lane.ts';
import { lowestIndex } from './ordered-jobs.ts';
import { compareRank, type QueuedJob, type Rank } from './queued-job.ts';
import { averageAt } from './standing.ts';

/** Blocked jobs of one tenant in one queue after which a round looks no further there. */
const MAX_BLOCKED = 32;

/** What came of a look at a job. `passed_over`: it is held back by a limit of its own, which is nobody else's business. */
export type LookOutcome = 'started' | 'blocked' | 'passed_over';

export interface TierWalk {
  books: Books;
  /** Queues of one priority. */
  queues: readonly string[];
  atBookMs: number;
  /** Takes the job, or an element of it, out of the waiting and books it where it may start. */
  tryToStart(job: QueuedJob): LookOutcome;
  /** Whether nothing more can start in this round. */
  isOver(): boolean;
}

/** How far the walk has come in one lane. */
interface LaneWalk {
  lane: Lane;
  /** Everything up to here was looked at. */
  reached: Rank | null;
  blocked: number;
}

/** A tenant whose next job is to be looked at. */
interface Candidate {
  tenant: string;
  standing: number;
  lanes: LaneWalk[];
  job: QueuedJob;
  /** The one of `lanes` that the job is in. */
  from: LaneWalk;
}

/** Looks at the jobs of one tier in the order of the rules. */
export function walkTier({ books, queues, atBookMs, tryToStart, isOver }: TierWalk): void {
  const candidates: Candidate[] = [];

  const enter = (tenant: string, lanes: LaneWalk[]) => {
    const next = nextJob(lanes);
    if (next === null) return;
    const candidate = { tenant, lanes, standing: standingOf(books, tenant, atBookMs), ...next };
    const index = lowestIndex(candidates.length, (at) => comesBefore(candidate, candidates[at]));
    candidates.splice(index, 0, candidate);
  };

  for (const [tenant, lanes] of lanesByTenant(books, queues)) enter(tenant, lanes);
  for (let first = candidates.shift(); first !== undefined; first = candidates.shift()) {
    const { tenant, lanes, job, from } = first;
    const outcome = tryToStart(job);
    if (outcome === 'blocked') from.blocked += 1;
    if (outcome === 'started' && isOver()) return;
    // An array that has started one element may start another.
    if (outcome !== 'started' || !books.waiting.has(job.id)) from.reached = job;
    enter(tenant, lanes);
  }
}

function lanesByTenant(books: Books, queues: readonly string[]): Map<string, LaneWalk[]> {
  const byTenant = new Map<string, LaneWalk[]>();
  for (const name of queues) {
    for (const [tenant, lane] of queueBook(books, name).lanes) {
      const walks = byTenant.get(tenant) ?? [];
      walks.push({ lane, reached: null, blocked: 0 });
      byTenant.set(tenant, walks);
    }
  }
  return byTenant;
}

/** The first job by rank that was not looked at, in all lanes of a tenant. */
function nextJob(lanes: readonly LaneWalk[]): { job: QueuedJob; from: LaneWalk } | null {
  let best: { job: QueuedJob; from: LaneWalk } | null = null;
  for (const from of lanes) {
    const job = from.blocked < MAX_BLOCKED ? from.lane.nextHead(from.reached) : null;
    if (job !== null && (best === null || compareRank(job, best.job) < 0)) best = { job, from };
  }
  return best;
}

function comesBefore(one: Candidate, other: Candidate | undefined): boolean {
  if (other === undefined) return true;
  return one.standing < other.standing || (one.standing === other.standing && compareRank(one.job, other.job) < 0);
}

function standingOf(books: Books, name: string, atBookMs: number): number {
  const { standing, rules } = tenantBook(books, name);
  return (averageAt(standing, atBookMs, books.options.halfLifeMs) + standing.dominantShare) / rules.weight;
}

import { compareRank, type QueuedJob } from '../../../../src/scheduler/rules/queued-job.ts';
import { averageOf, standingOf } from './share.ts';
import { queueOf, type Snapshot } from './snapshot.ts';

/**
 * Says which of several tenants comes first whose standings are the same but for the rounding of the last digits, where no
 * rule decides. The first of the list is the one that the rule for equals takes. `starts`: jobs started so far.
 */
export type ChooseEqual = (tenants: readonly string[], starts: number) => string;

/** Standings that differ by a smaller part of them may be the same where they are added up in another way. */
const ROUNDING = 1e-9;

/** The waiting jobs by rule 3, in one list for each priority of queues; the highest first. Those of paused queues are not there. */
export function tiersOf(snapshot: Snapshot): QueuedJob[][] {
  const tiers = new Map<number, QueuedJob[]>();
  for (const job of [...snapshot.waiting].sort(compareRank)) {
    const { state, priority } = queueOf(snapshot, job.queue);
    if (state !== 'paused') tiers.set(priority, [...(tiers.get(priority) ?? []), job]);
  }
  return [...tiers].sort(([left], [right]) => right - left).map(([, jobs]) => jobs);
}

/** The job that comes first of those of one tier that have yet to be looked at, which are given by rule 3. */
export function firstInOrder(
  snapshot: Snapshot,
  jobs: readonly QueuedJob[],
  chooseEqual: ChooseEqual,
): QueuedJob | null {
  // In the order of the first jobs that they have here, so that the first of several equal ones is the right one.
  const candidates = [...new Set(jobs.map(({ tenant }) => tenant))].map((tenant) => {
    const next = jobs.find((job) => job.tenant === tenant);
    const isPledged = next !== undefined && snapshot.pledged.get(next.demand.engine) === next.id;
    return { tenant, standing: standingOf(snapshot, tenant), isPledged };
  });
  const pledged = candidates.filter(({ isPledged }) => isPledged);
  const contenders = pledged.length > 0 ? pledged : candidates;
  const lowest = Math.min(...contenders.map(({ standing }) => standing));
  const equals = contenders.filter(({ standing }) => standing <= lowest * (1 + ROUNDING));
  const names = equals.map(({ tenant }) => tenant);
  // Where no past comes in, nothing is rounded.
  const areEqual = equals.every(({ tenant, standing }) => standing === lowest && averageOf(snapshot, tenant) === 0);
  const isCertain = equals.length === 1 || areEqual;
  const tenant = isCertain ? names[0] : chooseEqual(names, snapshot.running.length);
  return jobs.find((job) => job.tenant === tenant) ?? null;
}

/** Whether only the first of the two is looked at. */
export function areAlike(left: QueuedJob, right: QueuedJob): boolean {
  return (
    left.queue === right.queue &&
    left.tenant === right.tenant &&
    left.demand.shape === right.demand.shape &&
    left.boundMs === right.boundMs
  );
}

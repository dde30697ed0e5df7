import type { QueuedJob } from '../../../../src/scheduler/rules/queued-job.ts';
import type { Admission } from '../../../../src/scheduler/rules/rule-book.ts';
import { latestStart, leftBy, openTo, type Reservation, TIMED_RESERVATIONS, takeFrom } from './backfill.ts';
import { type Asides, type Gate, gatesOf, needsOf, passes, setAside } from './gates.ts';
import { devicesFor, freeOf, holdingOf, rationOf, usableOf, wholeEngine } from './machine.ts';
import { areAlike, type ChooseEqual, firstInOrder, tiersOf } from './order.ts';
import { copyOf, hold, runningOn, type Snapshot } from './snapshot.ts';

/** What came of one walk through the order. */
export interface Round {
  admissions: Admission[];
  reservations: Reservation[];
  /** By engine, the job with the first reservation there, and whether something was started after that. */
  firstReserved: Map<string, { jobId: string; isBinding: boolean }>;
  /** The job that came first in the order; null where no job was looked at. */
  first: QueuedJob | null;
}

/** Of one tenant in one queue and engine no more blocked jobs than this are looked for. */
const BLOCKED_OF_ONE = 32;

/** One round by `docs/scheduling-rules.md`. The averages have to be as of now. Changes nothing. */
export function runRound(before: Snapshot, nowMs: number, chooseEqual: ChooseEqual): Round {
  const snapshot = copyOf(before);
  const round: Round = { admissions: [], reservations: [], firstReserved: new Map(), first: null };
  const blocked: QueuedJob[] = [];
  const asides: Asides = { tenants: new Map(), queues: new Map() };

  for (const tier of tiersOf(snapshot)) {
    for (;;) {
      const waiting = tier.filter((job) => snapshot.waiting.includes(job));
      const next = firstInOrder(
        snapshot,
        waiting.filter((job) => hasYetItsTurn(job, waiting)),
        chooseEqual,
      );
      if (next === null) break;
      round.first ??= next;
      lookAt(next);
    }
  }
  return round;

  /** @param waiting what waits of the job's tier, by rule 3 */
  function hasYetItsTurn(job: QueuedJob, waiting: readonly QueuedJob[]): boolean {
    if (canNeverStart(snapshot, job) || isFull(snapshot, job.demand.engine)) return false;
    if (blocked.includes(job) || waiting.find((other) => areAlike(other, job)) !== job) return false;
    return blocked.filter((other) => isInSameLane(other, job)).length < BLOCKED_OF_ONE;
  }

  function lookAt(job: QueuedJob): void {
    const gates = gatesOf(snapshot, job, asides);
    const blockedAt = gates.findIndex((gate) => !passes(gate, needsOf(job)));
    if (blockedAt !== -1) {
      block(job, gates.slice(0, blockedAt + 1));
      return;
    }
    const ration = rationOf(snapshot, job);
    const free = freeOf(snapshot, ration.engine);
    const reservations = round.reservations.filter((other) => other.job.demand.engine === ration.engine);
    const left = leftBy(free, reservations);
    const gpus = devicesFor(left, ration);
    if (gpus !== null) {
      start({ job, gpus, isBackfill: false });
      return;
    }
    const opened = openTo(job, reservations, nowMs);
    const closed = reservations.filter((reservation) => !opened.includes(reservation));
    const borrowed = opened.length > 0 ? devicesFor(leftBy(free, closed), ration) : null;
    if (borrowed !== null) {
      takeFrom(opened, left, holdingOf({ job, gpus: borrowed }));
      start({ job, gpus: borrowed, isBackfill: true });
      return;
    }
    block(job, gates);
    const isTimed = reservations.length < TIMED_RESERVATIONS;
    const latest = isTimed ? latestStart(snapshot, job, nowMs) : null;
    const aside = usableOf(left, ration, latest?.devices ?? null);
    if (!round.firstReserved.has(ration.engine)) {
      round.firstReserved.set(ration.engine, { jobId: job.id, isBinding: false });
    }
    round.reservations.push({ job, atMs: latest?.atMs ?? null, aside });
  }

  /** @param gates the one that the job does not pass, and those before it */
  function block(job: QueuedJob, gates: readonly Gate[]): void {
    blocked.push(job);
    for (const gate of gates) setAside(gate, needsOf(job));
  }

  function start(admission: Admission): void {
    round.admissions.push(admission);
    const { engine } = admission.job.demand;
    if (snapshot.pledged.get(engine) === admission.job.id) snapshot.pledged.delete(engine);
    const reserved = round.firstReserved.get(engine);
    if (reserved !== undefined) reserved.isBinding = true;
    hold(snapshot, { ...admission, sinceMs: nowMs }, nowMs);
  }
}

function isInSameLane(one: QueuedJob, other: QueuedJob): boolean {
  return one.queue === other.queue && one.tenant === other.tenant && one.demand.engine === other.demand.engine;
}

/** Whether no slot of the engine is free. */
function isFull(snapshot: Snapshot, engine: string): boolean {
  return runningOn(snapshot, engine).length >= (snapshot.engines.get(engine)?.maxRunning ?? 0);
}

/** Whether the job needs more than the whole quota of its tenant, the whole limit of its queue or the whole engine. */
function canNeverStart(snapshot: Snapshot, job: QueuedJob): boolean {
  const idle = { ...snapshot, running: [] };
  const gates = gatesOf(idle, job, { tenants: new Map(), queues: new Map() });
  const whole = wholeEngine(snapshot, job.demand.engine);
  return gates.some((gate) => !passes(gate, needsOf(job))) || devicesFor(whole, rationOf(snapshot, job)) === null;
}

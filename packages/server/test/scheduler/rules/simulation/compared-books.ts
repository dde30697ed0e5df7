import { compareRank, type QueuedJob } from '../../../../src/scheduler/rules/queued-job.ts';
import type { Admission, RuleBook, RuleEvent } from '../../../../src/scheduler/rules/rule-book.ts';
import { allowedRounds } from '../model/alternatives.ts';
import { areAlike } from '../model/order.ts';
import type { Round } from '../model/round.ts';
import { advanceAverages } from '../model/share.ts';
import { applyTo, copyOf, copyPasts, hold, type Snapshot } from '../model/snapshot.ts';
import { checkAdmissions } from './invariants.ts';
import { checkBooks } from './readings.ts';

/** The rule book and the model of the same events, compared at every decision. */
export interface ComparedBooks {
  send(event: RuleEvent): void;
  /** The admissions, and the model's round; null where the rule book rightly saw that there was nothing to decide. */
  decide(nowMs: number): { admissions: readonly Admission[]; round: Round | null };
  /** Compares everything that the books can be asked for. */
  read(nowMs: number): void;
  readonly snapshot: Snapshot;
}

export function createComparedBooks(book: RuleBook, snapshot: Snapshot): ComparedBooks {
  /** Whether something has happened since the last round that can let a job start. */
  let isNews = true;
  /** The rounds since then, any of which may have been the last that the rule book really ran. */
  let rounds: { nowMs: number; pasts: Snapshot['pasts'] }[] = [];

  return {
    snapshot,

    send(event) {
      isNews ||= canLetStart(snapshot, event);
      book.apply(event);
      applyTo(snapshot, event);
    },

    decide(nowMs) {
      advanceAverages(snapshot, nowMs);
      const admissions = book.decide(nowMs);
      const round = roundLike(snapshot, nowMs, admissions);
      const isIdle = ({ nowMs: thenMs, pasts }: (typeof rounds)[number]) =>
        roundLike({ ...snapshot, pasts }, thenMs, []) !== null;
      if (round === null && (isNews || admissions.length > 0 || !rounds.some(isIdle))) {
        throw new Error(difference(snapshot, nowMs, admissions));
      }
      checkAdmissions(snapshot, admissions);
      if (isNews || admissions.length > 0) rounds = [];
      rounds.push({ nowMs, pasts: copyPasts(snapshot.pasts) });
      isNews = false;
      for (const { job, gpus } of admissions) hold(snapshot, { job, gpus, sinceMs: nowMs }, nowMs);
      return { admissions, round };
    },

    read(nowMs) {
      // A question is no event: the books do not go by its time.
      const then = copyOf(snapshot);
      advanceAverages(then, nowMs);
      checkBooks(book, then, nowMs);
    },
  };
}

/** What never can: whatever becomes of a job behind one that is alike, and a bound that moves where nobody asks for it. */
function canLetStart({ waiting, running }: Snapshot, event: RuleEvent): boolean {
  if (event.type === 'waiting') return !isBehindAlike(waiting, event.job);
  if (event.type === 'left') return waiting.some((job) => job.id === event.jobId && !isBehindAlike(waiting, job));
  if (event.type === 'started') {
    const engine = running.find(({ job }) => job.id === event.jobId)?.job.demand.engine;
    return waiting.some(({ boundMs, demand }) => boundMs !== null && demand.engine === engine);
  }
  return true;
}

function isBehindAlike(waiting: readonly QueuedJob[], job: QueuedJob): boolean {
  return waiting.some((other) => areAlike(other, job) && compareRank(other, job) < 0);
}

/** The round that the rules allow and that comes to these admissions. */
function roundLike(snapshot: Snapshot, nowMs: number, admissions: readonly Admission[]): Round | null {
  const wanted = describe(admissions);
  for (const round of allowedRounds(snapshot, nowMs)) if (describe(round.admissions) === wanted) return round;
  return null;
}

function describe(admissions: readonly Admission[]): string {
  return JSON.stringify(admissions.map(({ job, gpus, isBackfill }) => [job.id, gpus, isBackfill]));
}

function difference(snapshot: Snapshot, nowMs: number, admissions: readonly Admission[]): string {
  const allowed = new Set([...allowedRounds(snapshot, nowMs)].map((round) => describe(round.admissions)));
  return `decided ${describe(admissions)} where the rules say ${[...allowed].join(' or ')}`;
}

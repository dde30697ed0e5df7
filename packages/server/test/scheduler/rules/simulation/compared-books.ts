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
      const pledged = pledgesOf(book, snapshot);
      const round = roundLike(snapshot, nowMs, { admissions, pledged });
      const isIdle = ({ nowMs: thenMs, pasts }: (typeof rounds)[number]) =>
        roundLike({ ...snapshot, pasts }, thenMs, { admissions: [], pledged }) !== null;
      if (round === null && (isNews || admissions.length > 0 || !rounds.some(isIdle))) {
        throw new Error(difference(snapshot, nowMs, { admissions, pledged }));
      }
      checkAdmissions(snapshot, admissions);
      if (isNews || admissions.length > 0) rounds = [];
      rounds.push({ nowMs, pasts: copyPasts(snapshot.pasts) });
      isNews = false;
      snapshot.pledged = pledged;
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

/** What came of a round. */
interface Outcome {
  admissions: readonly Admission[];
  pledged: Map<string, string>;
}

/** The round that the rules allow and that comes to this. */
function roundLike(snapshot: Snapshot, nowMs: number, { admissions, pledged }: Outcome): Round | null {
  const wanted = describe(admissions);
  const isAlike = (round: Round) => describe(round.admissions) === wanted && mayPledge(snapshot, round, pledged);
  for (const round of allowedRounds(snapshot, nowMs)) if (isAlike(round)) return round;
  return null;
}

/** A round may end where nothing more can start: then a reservation that nobody was held up by need not have been made. */
function mayPledge(snapshot: Snapshot, { firstReserved, admissions }: Round, pledged: Map<string, string>): boolean {
  const started = new Set(admissions.map(({ job }) => job.id));
  for (const engine of new Set([...snapshot.pledged.keys(), ...pledged.keys(), ...firstReserved.keys()])) {
    const before = snapshot.pledged.get(engine);
    const isKept = before !== undefined && !started.has(before) && snapshot.waiting.some(({ id }) => id === before);
    const reserved = firstReserved.get(engine);
    const isAllowed =
      pledged.get(engine) === reserved?.jobId ||
      (reserved?.isBinding !== true && pledged.get(engine) === (isKept ? before : undefined));
    if (!isAllowed) return false;
  }
  return true;
}

function pledgesOf(book: RuleBook, { engines, waiting }: Snapshot): Map<string, string> {
  const names = new Set([...engines.keys(), ...waiting.map(({ demand }) => demand.engine)]);
  const pledges = [...names].map((engine) => [engine, book.pledgedAt(engine)] as const);
  return new Map(pledges.filter((pledge): pledge is [string, string] => pledge[1] !== null));
}

function describe(admissions: readonly Admission[]): string {
  return JSON.stringify(admissions.map(({ job, gpus, isBackfill }) => [job.id, gpus, isBackfill]));
}

function difference(snapshot: Snapshot, nowMs: number, { admissions, pledged }: Outcome): string {
  const tell = ({ admissions: started, firstReserved }: Round) =>
    `${describe(started)}, first reserved ${JSON.stringify([...firstReserved])}`;
  const allowed = new Set([...allowedRounds(snapshot, nowMs)].map(tell));
  return `decided ${describe(admissions)}, pledged ${JSON.stringify([...pledged])} where the rules say ${[...allowed].join(' or ')}`;
}

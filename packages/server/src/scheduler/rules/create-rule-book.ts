import { newQueue } from '../../queue/queue.ts';
import { newTenant } from '../../queue/tenant.ts';
import { addWaiting, occupy, release, removeWaiting } from './bookkeeping.ts';
import { type Books, type EngineBook, engineBook, openBooks, queueBook, type TenantBook, tenantBook } from './books.ts';
import { fromUnits } from './demand.ts';
import { engineUse } from './engine-amounts.ts';
import { type Gate, noAmounts, setLimits } from './limits.ts';
import { reasonToWait } from './reason-to-wait.ts';
import { runRound } from './round.ts';
import type { QueueUse, RuleBook, RuleBookOptions, RuleEvent } from './rule-book.ts';
import { advance, averageAt, newStanding, setTotals, weighDominantShare } from './standing.ts';

/** An average below this decides nothing any more. */
const NOTHING_USED = 1e-9;

export function createRuleBook(options: RuleBookOptions): RuleBook {
  const books = openBooks(options);
  /** Whether something has happened since the last round that could let a job start. */
  let isRoundDue = false;

  /** What each tenant has used, where it still counts. */
  function averages(nowMs: number): { tenant: string; average: number }[] {
    const atBookMs = books.clock.at(nowMs);
    return [...books.tenants]
      .map(([tenant, { standing }]) => ({ tenant, average: averageAt(standing, atBookMs, options.halfLifeMs) }))
      .filter(({ average }) => average > NOTHING_USED);
  }

  return {
    apply(event) {
      if (applyEvent(books, event)) isRoundDue = true;
    },

    decide(nowMs) {
      const atBookMs = books.clock.tick(nowMs);
      if (!isRoundDue) return [];
      const admissions = runRound(books, { nowMs, atBookMs });
      // Who starts lets others come first, who may find what was set aside before.
      isRoundDue = admissions.length > 0;
      return admissions;
    },

    reasonToWait(jobId) {
      const job = books.waiting.get(jobId);
      return job === undefined ? null : reasonToWait(books, job, isRoundDue);
    },

    queueUse: (name) => useOf(books.queues.get(name)),
    engineUse: (engine) => engineUse(books.engines.get(engine)),

    engineLoad(engine) {
      const book = books.engines.get(engine);
      return { waiting: book?.waiting ?? 0, running: book?.holdings.size ?? 0 };
    },

    missingEngines() {
      const isMissing = ([, { room, waiting, holdings }]: [string, EngineBook]) =>
        room === null && waiting + holdings.size > 0;
      return [...books.engines].filter(isMissing).map(([name]) => name);
    },

    pledgedAt(engine) {
      const pledged = books.engines.get(engine)?.pledged ?? null;
      return pledged !== null && books.waiting.has(pledged) ? pledged : null;
    },

    load() {
      const load = { waiting: 0, running: 0 };
      for (const { waiting, gate } of books.queues.values()) {
        load.waiting += waiting;
        load.running += gate.used.running;
      }
      return load;
    },

    tenantUse(name, nowMs) {
      const book = books.tenants.get(name);
      const { standing } = book ?? { standing: newStanding() };
      const average = averageAt(standing, books.clock.at(nowMs), options.halfLifeMs);
      return { ...useOf(book), average, dominantShare: standing.dominantShare };
    },

    activeTenants(nowMs) {
      const withPast = new Set(averages(nowMs).map(({ tenant }) => tenant));
      const isActive = ([name, { gate, waiting }]: [string, TenantBook]) =>
        waiting > 0 || gate.used.running > 0 || withPast.has(name);
      return [...books.tenants].filter(isActive).map(([name]) => name);
    },

    averages,

    get waitingCount() {
      return books.waiting.size;
    },
    get runningCount() {
      return books.running.size;
    },
  };
}

/** Answers whether a round could let a job start now that could not before. */
function applyEvent(books: Books, event: RuleEvent): boolean {
  switch (event.type) {
    case 'waiting':
      return addWaiting(books, event.job);
    case 'left': {
      const job = books.waiting.get(event.jobId);
      return job !== undefined && removeWaiting(books, job);
    }
    case 'adopted': {
      const { job, gpus, startedAtMs, atMs } = event;
      occupy(books, job, gpus, { startedAtMs, atBookMs: books.clock.tick(atMs) });
      // What it takes changes who comes first.
      return true;
    }
    case 'started': {
      const engine = books.running.get(event.jobId);
      engine?.holdings.restart(event.jobId, event.startedAtMs);
      // The later end of one job is the later reservation of another.
      return engine !== undefined && engine.boundedWaiting > 0;
    }
    case 'released':
      release(books, event.jobId, books.clock.tick(event.atMs));
      return true;
    case 'queue_set':
      setQueue(books, event.queue);
      return true;
    case 'queue_removed':
      setQueue(books, newQueue(event.name));
      return true;
    case 'tenant_set':
      setTenant(books, event.tenant);
      return true;
    case 'tenant_removed':
      setTenant(books, newTenant(event.name));
      return true;
    case 'engine_changed':
      return changeEngine(books, event);
    case 'average_known': {
      const { standing } = tenantBook(books, event.tenant);
      standing.atMs = books.clock.tick(event.atMs);
      standing.average = event.average;
      return true;
    }
  }
}

function changeEngine(books: Books, { name, capacity, atMs }: Extract<RuleEvent, { type: 'engine_changed' }>): boolean {
  const book = engineBook(books, name);
  if (book.room === null || book.room.isRationed) throw new Error(`engine ${name} cannot have another capacity`);
  book.room = { ...book.room, capacity };
  setTotals(books.totals, name, book.room);
  const moment = { nowMs: books.clock.tick(atMs), halfLifeMs: books.options.halfLifeMs };
  for (const { standing } of books.tenants.values()) {
    advance(standing, moment);
    weighDominantShare(standing, books.totals);
  }
  // Who comes first may be another tenant now.
  return true;
}

function setQueue(books: Books, rules: ReturnType<typeof newQueue>): void {
  const book = queueBook(books, rules.name);
  book.rules = rules;
  setLimits(book.gate, rules.limits);
}

function setTenant(books: Books, rules: ReturnType<typeof newTenant>): void {
  const book = tenantBook(books, rules.name);
  book.rules = rules;
  setLimits(book.gate, rules.quota);
}

function useOf(book: { gate: Gate; waiting: number } | undefined): QueueUse {
  const used = book?.gate.used ?? noAmounts();
  return {
    waiting: book?.waiting ?? 0,
    running: used.running,
    cpus: fromUnits(used.cpus),
    gpus: fromUnits(used.gpus),
    memoryBytes: fromUnits(used.memoryBytes),
  };
}

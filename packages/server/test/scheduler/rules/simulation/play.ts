import { newQueue } from '../../../../src/queue/queue.ts';
import { newTenant } from '../../../../src/queue/tenant.ts';
import { demandOf } from '../../../../src/scheduler/rules/demand.ts';
import type { QueuedJob } from '../../../../src/scheduler/rules/queued-job.ts';
import type { RuleBook, RuleBookOptions, RuleEvent } from '../../../../src/scheduler/rules/rule-book.ts';
import { devicesFor, rationOf, wholeEngine } from '../model/machine.ts';
import { emptySnapshot } from '../model/snapshot.ts';
import { type ComparedBooks, createComparedBooks } from './compared-books.ts';
import { createReservationWatch } from './reservation-watch.ts';
import type { Action, Engines, Scenario, Step, SubmittedJob } from './scenario.ts';

/** A driver that is to start or to end. */
interface Timer {
  type: 'start' | 'end';
  jobId: string;
  atMs: number;
}

/** What the server's clock shows at first. */
const EPOCH_MS = 1_000_000;

/**
 * Plays a scenario to the end of its last job, and throws at the first thing that is not as it has to be.
 *
 * @param tell is told of everything that happens, for people to read
 */
export function play(
  { engines, halfLifeMs, steps }: Scenario,
  createRuleBook: (options: RuleBookOptions) => RuleBook,
  tell: (wallMs: number, what: string, about: unknown) => void = () => {},
): void {
  const plans = new Map<string, SubmittedJob>();
  const watch = createReservationWatch();
  let timers: Timer[] = [];
  let trueMs = 0;
  let clockMs = EPOCH_MS;
  const optionsWith = (found: Engines) => ({ engines: new Map(Object.entries(found)), halfLifeMs });
  const options = optionsWith(engines);
  let book = createRuleBook(options);
  let books = createComparedBooks(book, emptySnapshot(options));
  const wallMs = (atMs = trueMs) => clockMs + atMs;

  function send(event: RuleEvent): void {
    tell(wallMs(), 'event', event);
    watch.event(books.snapshot, event);
    books.send(event);
  }

  function decide(): void {
    const nowMs = wallMs();
    tell(nowMs, 'decide', null);
    const { admissions, round } = books.decide(nowMs);
    for (const { job, gpus, isBackfill } of admissions) {
      tell(nowMs, 'admitted', [job.id, gpus, isBackfill]);
      const startMs = trueMs + (plans.get(job.id)?.startDelayMs ?? 0);
      timers.push({ type: 'start', jobId: job.id, atMs: startMs });
      timers.push({ type: 'end', jobId: job.id, atMs: startMs + (plans.get(job.id)?.durationMs ?? 0) });
    }
    if (round !== null) watch.round(round, books.snapshot, nowMs);
  }

  function release(jobId: string): void {
    timers = timers.filter((timer) => timer.jobId !== jobId);
    send({ type: 'released', jobId, atMs: wallMs() });
  }

  function submit(job: SubmittedJob): void {
    const seq = plans.size + 1;
    const { queue, tenant, priority, engine, request, boundMs } = job;
    plans.set(`job-${seq}`, job);
    const demand = demandOf(request, engine);
    send({ type: 'waiting', job: { id: `job-${seq}`, seq, queue, tenant, priority, demand, boundMs } });
  }

  /** A new server finds what the one before it has left behind. */
  function crash({ downMs, engines: left }: Extract<Action, { type: 'crash' }>): void {
    const atMs = wallMs();
    const averages = book.averages(atMs);
    const { queues, tenants, running, waiting } = books.snapshot;
    trueMs += downMs;
    const found = optionsWith(left);
    tell(wallMs(), 'new server', left);
    book = createRuleBook(found);
    books = createComparedBooks(book, emptySnapshot(found));
    watch.forget();
    for (const queue of queues.values()) send({ type: 'queue_set', queue });
    for (const tenant of tenants.values()) send({ type: 'tenant_set', tenant });
    for (const { tenant, average } of averages) send({ type: 'average_known', tenant, average, atMs });
    for (const { job, gpus, sinceMs } of running) {
      send({ type: 'adopted', job, gpus, atMs: wallMs(), startedAtMs: sinceMs });
    }
    for (const job of waiting) send({ type: 'waiting', job });
  }

  function changeEngine({ name, capacity }: Extract<Action, { type: 'engine_changed' }>): void {
    // Not where the next server has found none of that name, or another one.
    if (books.snapshot.engines.get(name)?.isRationed === false) {
      send({ type: 'engine_changed', name, capacity, atMs: wallMs() });
    }
  }

  function act(action: Action): void {
    const { waiting, running } = books.snapshot;
    if (action.type === 'submit') submit(action.job);
    if (action.type === 'stop_waiting') {
      const job = waiting[action.pick % waiting.length];
      if (job !== undefined) send({ type: 'left', jobId: job.id });
    }
    if (action.type === 'stop_running') {
      const holder = running[action.pick % running.length];
      if (holder !== undefined) release(holder.job.id);
    }
    if (action.type === 'set_queue') send({ type: 'queue_set', queue: action.queue });
    if (action.type === 'remove_queue') send({ type: 'queue_removed', name: action.name });
    if (action.type === 'set_tenant') send({ type: 'tenant_set', tenant: action.tenant });
    if (action.type === 'remove_tenant') send({ type: 'tenant_removed', name: action.name });
    if (action.type === 'set_clock') {
      clockMs += action.byMs;
      watch.forget();
    }
    if (action.type === 'crash') crash(action);
    if (action.type === 'engine_changed') changeEngine(action);
  }

  /** Drivers start and end until then. */
  function passTo(untilMs: number): void {
    for (;;) {
      const next = timers.reduce<Timer | null>(
        (first, timer) => (first !== null && first.atMs <= timer.atMs ? first : timer),
        null,
      );
      if (next === null || next.atMs > untilMs) break;
      trueMs = Math.max(trueMs, next.atMs);
      timers.splice(timers.indexOf(next), 1);
      if (next.type === 'start') send({ type: 'started', jobId: next.jobId, startedAtMs: wallMs(next.atMs) });
      else release(next.jobId);
      decide();
    }
    if (untilMs < Number.POSITIVE_INFINITY) trueMs = Math.max(trueMs, untilMs);
  }

  function take({ afterMs, action, decides, reads }: Step): void {
    passTo(trueMs + afterMs);
    if (action.type !== 'nothing') tell(wallMs(), 'step', action.type);
    act(action);
    if (decides) decide();
    if (reads) books.read(wallMs());
  }

  /** Without limits, and without the jobs that the machine could never run, all others run. */
  function finish(): void {
    tell(wallMs(), 'step', 'finish');
    for (const job of books.snapshot.waiting) if (!canRun(books, job)) send({ type: 'left', jobId: job.id });
    const { waiting, queues, tenants } = books.snapshot;
    for (const name of new Set([...queues.keys(), ...waiting.map(({ queue }) => queue)])) {
      send({ type: 'queue_set', queue: newQueue(name) });
    }
    for (const name of tenants.keys()) send({ type: 'tenant_set', tenant: newTenant(name) });
    decide();
    passTo(Number.POSITIVE_INFINITY);
    const lost = books.snapshot.waiting.map(({ id }) => id);
    if (lost.length > 0) throw new Error(`nothing runs any more, and these wait: ${lost.join(', ')}`);
    books.read(wallMs());
  }

  for (const step of steps) take(step);
  finish();
}

function canRun({ snapshot }: ComparedBooks, job: QueuedJob): boolean {
  const { engine } = job.demand;
  const slots = snapshot.engines.get(engine)?.maxRunning ?? 0;
  return slots > 0 && devicesFor(wholeEngine(snapshot, engine), rationOf(snapshot, job)) !== null;
}

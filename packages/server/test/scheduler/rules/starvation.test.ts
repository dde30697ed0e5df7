import { describe, expect, it } from 'vitest';
import { NO_RESOURCES } from '../../../src/job/resources.ts';
import { demandOf } from '../../../src/scheduler/rules/demand.ts';
import { ruleGame } from './rule-game.ts';

const MACHINE = { cpus: 4, memoryBytes: 0, gpuIds: [], custom: {} };
const HALF_LIFE_MS = 60_000;
/** A job for one CPU comes that often: four run at any time where each takes four times as long. */
const EVERY_MS = 2_500;
const DURATION_MS = 4 * EVERY_MS;
/** When the job for the whole machine comes. */
const BIG_AT_MS = 60_000;

interface Situation {
  /** Of the small jobs. */
  boundMs: number | null;
  /** Of those that come after the big one, where they are different; they take as long as they may. */
  laterBoundMs?: number;
  bigTenant?: string;
  /** The average of that tenant when the big job comes. */
  bigTenantAverage?: number;
}

interface Outcome {
  waitedMs: number;
  /** Small ones that have come after the big one and started before it. */
  overtaken: number;
  /** Time of CPUs that nobody had while it waited. */
  idleMs: number;
}

/** When the big job starts, and what came before. Null: not within an hour. */
function runBigJobIn(situation: Situation): Outcome | null {
  const { boundMs, laterBoundMs, bigTenant = 'a', bigTenantAverage } = situation;
  const { book } = ruleGame({ capacity: MACHINE, halfLifeMs: HALF_LIFE_MS });
  const ends: { jobId: string; atMs: number }[] = [];
  let seq = 0;
  let bigSeq = Number.POSITIVE_INFINITY;
  let overtaken = 0;
  let idleMs = 0;

  function submit(tenant: string, cpus: number, bound: number | null): void {
    seq += 1;
    const demand = demandOf({ ...NO_RESOURCES, cpus });
    const job = { id: `job-${seq}`, seq, queue: 'default', tenant, priority: 0, demand, boundMs: bound };
    book.apply({ type: 'waiting', job });
  }

  for (let nowMs = 0; nowMs < BIG_AT_MS + 3_600_000; nowMs += EVERY_MS) {
    for (const { jobId, atMs } of ends) if (atMs === nowMs) book.apply({ type: 'released', jobId, atMs });
    if (nowMs === BIG_AT_MS) {
      if (bigTenantAverage !== undefined) {
        book.apply({ type: 'average_known', tenant: bigTenant, average: bigTenantAverage, atMs: nowMs });
      }
      submit(bigTenant, 4, null);
      bigSeq = seq;
    }
    submit('a', 1, nowMs < BIG_AT_MS ? boundMs : (laterBoundMs ?? boundMs));
    for (const { job } of book.decide(nowMs)) {
      if (job.seq === bigSeq) return { waitedMs: nowMs - BIG_AT_MS, overtaken, idleMs };
      if (job.seq > bigSeq) overtaken += 1;
      book.apply({ type: 'started', jobId: job.id, startedAtMs: nowMs });
      const durationMs = job.seq > bigSeq ? (laterBoundMs ?? DURATION_MS) : DURATION_MS;
      ends.push({ jobId: job.id, atMs: nowMs + durationMs });
    }
    if (nowMs >= BIG_AT_MS) idleMs += (MACHINE.cpus - book.engineUse('local').cpus) * EVERY_MS;
  }
  return null;
}

describe('a job for the whole machine in an endless stream of small ones that keeps it full', () => {
  // The oldest of the four ends as the big one comes, the youngest three times 2.5 s later.
  const YOUNGEST_ENDS_AFTER_MS = DURATION_MS - EVERY_MS;

  it('starts as soon as those have ended that ran when it came, where nobody knows how long they take', () => {
    expect(runBigJobIn({ boundMs: null })).toMatchObject({ waitedMs: YOUNGEST_ENDS_AFTER_MS, overtaken: 0 });
  });

  it('starts as soon where the small ones have a bound, and those that would end too late for it wait', () => {
    expect(runBigJobIn({ boundMs: DURATION_MS })).toMatchObject({ waitedMs: YOUNGEST_ENDS_AFTER_MS, overtaken: 0 });
  });

  it('starts as soon where small ones use the time until then that end before it', () => {
    const outcome = runBigJobIn({ boundMs: DURATION_MS, laterBoundMs: EVERY_MS });
    expect(outcome).toMatchObject({ waitedMs: YOUNGEST_ENDS_AFTER_MS, overtaken: 3 });
  });

  it('starts as soon where the bounds are far beyond what the small ones take', () => {
    const outcome = runBigJobIn({ boundMs: 10 * DURATION_MS });
    expect(outcome).toMatchObject({ waitedMs: YOUNGEST_ENDS_AFTER_MS, overtaken: 0 });
  });

  it('starts as soon where it is of another tenant that has used nothing', () => {
    const outcome = runBigJobIn({ boundMs: null, bigTenant: 'b' });
    expect(outcome).toMatchObject({ waitedMs: YOUNGEST_ENDS_AFTER_MS, overtaken: 0 });
  });

  it('starts as soon as its turn has come where its tenant has used much: what empties for it is kept for it', () => {
    // The others hold less and less meanwhile, and by their standing would come first again.
    const outcome = runBigJobIn({ boundMs: null, bigTenant: 'b', bigTenantAverage: 2 });
    expect(outcome?.overtaken).toBeGreaterThan(0);
    // One CPU after the other, and the last of the four is taken as soon as it is free.
    expect(outcome?.idleMs).toBe((1 + 2 + 3) * EVERY_MS);
  });
});

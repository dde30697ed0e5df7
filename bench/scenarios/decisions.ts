import { NO_RESOURCES } from '../../packages/server/src/job/resources.ts';
import { NO_LIMITS, newQueue } from '../../packages/server/src/queue/queue.ts';
import { createRuleBook } from '../../packages/server/src/scheduler/rules/create-rule-book.ts';
import { demandOf } from '../../packages/server/src/scheduler/rules/demand.ts';
import type { QueuedJob } from '../../packages/server/src/scheduler/rules/queued-job.ts';
import type { EngineRoom, RuleBook } from '../../packages/server/src/scheduler/rules/rule-book.ts';
import type { Figure, Scenario } from '../harness/scenario.ts';
import { percentile } from '../harness/statistics.ts';

const WAITING = 100_000;
const FEW = 1_000;
const DECISIONS = 5_000;
const WARM_UP = 500;
const TENANTS = 100;

/** What is asked for: small and large jobs, some that wait for a device, some with a bound. */
const SHAPES = [
  { cpus: 1 },
  { cpus: 2, memoryBytes: 2 ** 30 },
  { cpus: 8 },
  { gpus: 1, cpus: 1 },
  { gpus: 4, cpus: 4 },
  {},
  { custom: { NPU: 1 } },
].map((request) => demandOf({ ...NO_RESOURCES, ...request }));

export const decisions: Scenario = {
  name: 'decisions',
  summary: 'one decision of the rules, as jobs end and others are submitted, with 100,000 waiting jobs of 5,600 kinds',

  async run() {
    const many = measure(WAITING);
    const few = measure(FEW);
    const figures: Figure[] = [
      { what: `decision, ${WAITING} waiting, p99`, value: percentile(many, 0.99), unit: 'ms', reach: { atMost: 1 } },
      { what: `decision, ${WAITING} waiting, p50`, value: percentile(many, 0.5), unit: 'ms', reach: null },
      { what: `decision, ${FEW} waiting, p99`, value: percentile(few, 0.99), unit: 'ms', reach: null },
      {
        what: 'p50 with a hundred times as many waiting',
        value: percentile(many, 0.5) / percentile(few, 0.5),
        unit: 'times',
        reach: { atMost: 2 },
      },
    ];
    return { figures, raw: { many: summary(many), few: summary(few) } };
  },
};

const ROOM: EngineRoom = {
  capacity: { cpus: 64, memoryBytes: 2 ** 38, gpuIds: ['0', '1', '2', '3', '4', '5', '6', '7'], custom: { NPU: 8 } },
  maxRunning: 256,
  isRationed: true,
};

/** Milliseconds of each round, over a full machine. */
function measure(waiting: number): number[] {
  const book = createRuleBook({
    engines: new Map([['local', ROOM]]),
    halfLifeMs: 3_600_000,
  });
  for (const [index, name] of ['train', 'batch', 'urgent'].entries()) {
    const limits = { ...NO_LIMITS, running: 100 * (index + 1) };
    book.apply({ type: 'queue_set', queue: { ...newQueue(name), priority: index, limits } });
  }
  let seq = 0;
  const next = (): QueuedJob => {
    seq += 1;
    return jobOf(seq);
  };
  for (let count = 0; count < waiting; count += 1) book.apply({ type: 'waiting', job: next() });
  const running: string[] = [];
  let nowMs = 0;
  decideAll(book, nowMs, running);
  const took: number[] = [];
  for (let count = 0; count < WARM_UP + DECISIONS; count += 1) {
    nowMs += 10;
    const rounds: number[] = [];
    const ended = running.splice((count * 7) % running.length, 1)[0];
    if (ended !== undefined) book.apply({ type: 'released', jobId: ended, atMs: nowMs });
    rounds.push(...decideAll(book, nowMs, running));
    book.apply({ type: 'waiting', job: next() });
    rounds.push(...decideAll(book, nowMs, running));
    if (count >= WARM_UP) took.push(...rounds);
  }
  return took;
}

function jobOf(seq: number): QueuedJob {
  const demand = SHAPES[seq % SHAPES.length];
  if (demand === undefined) throw new Error('no shape');
  return {
    id: `job-${seq}`,
    seq,
    queue: ['train', 'batch', 'urgent', 'default'][seq % 4] ?? 'default',
    tenant: `tenant-${(seq * 31) % TENANTS}`,
    priority: seq % 3,
    demand,
    boundMs: seq % 5 === 0 ? 60_000 : null,
  };
}

/** Round after round until none starts anything; answers the milliseconds of each. */
function decideAll(book: RuleBook, nowMs: number, running: string[]): number[] {
  const took: number[] = [];
  for (;;) {
    const begin = performance.now();
    const started = book.decide(nowMs);
    took.push(performance.now() - begin);
    if (started.length === 0) return took;
    for (const { job } of started) running.push(job.id);
  }
}

function summary(values: readonly number[]) {
  return {
    p50: percentile(values, 0.5),
    p90: percentile(values, 0.9),
    p99: percentile(values, 0.99),
    max: percentile(values, 1),
  };
}

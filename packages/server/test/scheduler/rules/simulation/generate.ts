import type { EngineCapacity } from '../../../../src/engine/engine.ts';
import type { ResourceRequest } from '../../../../src/job/resources.ts';
import { type HoldingLimits, newQueue, type Queue } from '../../../../src/queue/queue.ts';
import { newTenant, type Tenant } from '../../../../src/queue/tenant.ts';
import type { EngineRoom } from '../../../../src/scheduler/rules/rule-book.ts';
import { createRandom, type Random } from './random.ts';
import type { Action, Engines, Scenario, Step, SubmittedJob } from './scenario.ts';

/** What the jobs of one scenario have in common. */
interface Surroundings {
  engines: Engines;
  queues: [string, ...string[]];
  tenants: [string, ...string[]];
  templates: Template[];
  startsAtOnce: boolean;
  /** How many of a hundred jobs are unlike all others. */
  uniquePercent: number;
  boundPercent: number;
  limitPercent: number;
}

type Template = Pick<SubmittedJob, 'queue' | 'tenant' | 'engine' | 'request' | 'boundMs'>;

/** Has something of everything, so that many jobs are blocked by one thing and set others aside. */
const RICH_MACHINE: EngineCapacity = {
  cpus: 8,
  memoryBytes: 1_000,
  gpuIds: ['b', 'a', '10', '9'],
  custom: { NPU: 2, TPU: 1 },
};

/** The same scenario for the same seed. Most are small; of a hundred two are long, and one has a crowd of jobs that are blocked. */
export function generateScenario(seed: number): Scenario {
  const random = createRandom(seed);
  const kind = seed % 50 === 0 ? 'long' : seed % 100 === 25 ? 'crowd' : 'small';
  const isCrowd = kind === 'crowd';
  const isOneLane = isCrowd && random.chance(0.5);
  const surroundings: Surroundings = {
    engines: engines(random, isCrowd),
    queues: isOneLane ? ['default'] : someNames(random, ['default', 'a', 'constructor', '__proto__']),
    tenants: isOneLane ? ['t'] : someNames(random, ['t', 'u', 'v', 'toString']),
    templates: [],
    startsAtOnce: random.chance(0.5),
    uniquePercent: isCrowd ? 95 : random.oneOf([0, 10, 50]),
    boundPercent: isCrowd ? 80 : random.oneOf([0, 30, 60, 95]),
    limitPercent: isCrowd ? 0 : random.oneOf([0, 0, 20, 45]),
  };
  for (let count = random.whole(1, 6); count > 0; count -= 1)
    surroundings.templates.push(template(random, surroundings));
  const halfLifeMs = random.oneOf([50, 300, 2_000, 100_000]);
  const length = kind === 'small' ? random.whole(5, 40) : kind === 'long' ? random.whole(100, 200) : 60;
  const steps = [...settings(random, surroundings)];
  for (let count = 0; count < length; count += 1) {
    const submits = isCrowd && count < 50;
    const action = submits ? submit(random, surroundings) : someAction(random, surroundings);
    steps.push({
      afterMs: submits || random.chance(0.4) ? 0 : random.oneOf([1, 10, 30, 100, 400]),
      action,
      decides: submits ? count % 10 === 0 : random.chance(0.85),
      reads: random.chance(0.2),
    });
  }
  return { engines: surroundings.engines, halfLifeMs, steps };
}

function someNames(random: Random, names: readonly [string, ...string[]]): [string, ...string[]] {
  const [first, ...others] = names;
  return [first, ...others.filter(() => random.chance(0.4))];
}

function machine(random: Random): EngineCapacity {
  return {
    cpus: random.oneOf([0, 0.5, 1, 2, 2, 4, 4, 4, 8, 8]),
    memoryBytes: random.oneOf([0, 100, 1_000, 1_000, 1_000]),
    gpuIds: random.oneOf<string[]>([[], ['0'], ['0', '1'], ['1', '0', '2'], ['1', '0', '2'], ['b', 'a', '10', '9']]),
    custom: random.oneOf<Record<string, number>>([{}, { NPU: 2 }, { NPU: 1, TPU: 0.5 }, { NPU: 0 }]),
  };
}

/** The server's own machine, and in some scenarios another like it or a cluster that has a queue of its own. */
function engines(random: Random, isRich: boolean): Engines {
  const own = (): EngineRoom => ({
    capacity: isRich ? RICH_MACHINE : machine(random),
    maxRunning: maxRunning(random),
    isRationed: true,
  });
  return {
    local: own(),
    ...(random.chance(0.15) ? { other: own() } : {}),
    ...(random.chance(0.25) ? { cluster: { ...own(), isRationed: false } } : {}),
  };
}

const maxRunning = (random: Random) => (random.chance(0.02) ? 0 : random.oneOf([1, 2, 3, 5, 10, 100, 100, 100]));

function template(random: Random, { engines, queues, tenants, boundPercent }: Surroundings): Template {
  const wanted = request(random);
  const engine = random.oneOf(['local', ...Object.keys(engines)]);
  const capacity = engines[engine]?.capacity ?? RICH_MACHINE;
  return {
    engine,
    queue: random.oneOf(queues),
    tenant: random.oneOf(tenants),
    request: random.chance(0.95) ? atMost(capacity, wanted) : wanted,
    boundMs: random.chance(boundPercent / 100) ? random.oneOf([20, 50, 100, 200, 500, 500]) : null,
  };
}

function request(random: Random): ResourceRequest {
  return {
    cpus: random.oneOf([0, 0, 0.1, 0.3, 0.5, 1, 1, 1.5, 2, 3, 4, 8]),
    gpus: random.oneOf([0, 0, 0, 0.25, 0.5, 0.7, 1, 1, 1.5, 2, 3]),
    memoryBytes: random.oneOf([0, 0, 0, 10, 60, 100, 500]),
    custom: random.oneOf<Record<string, number>>([{}, {}, {}, {}, { NPU: 1 }, { NPU: 0.4 }, { TPU: 0.5, NPU: 1 }]),
  };
}

/** What the machine has in all. */
function atMost(capacity: EngineCapacity, { cpus, gpus, memoryBytes, custom }: ResourceRequest): ResourceRequest {
  return {
    cpus: Math.min(cpus, capacity.cpus),
    gpus: Math.min(gpus, capacity.gpuIds.length),
    memoryBytes: Math.min(memoryBytes, capacity.memoryBytes),
    custom: Object.fromEntries(
      Object.entries(custom).map(([name, amount]) => [name, Math.min(amount, capacity.custom[name] ?? 0)]),
    ),
  };
}

function submit(random: Random, surroundings: Surroundings): Action {
  const isUnique = random.chance(surroundings.uniquePercent / 100);
  const [first = template(random, surroundings), ...others] = surroundings.templates;
  const like = isUnique ? template(random, surroundings) : random.oneOf([first, ...others]);
  const usual = like.boundMs ?? random.oneOf([20, 100, 400]);
  const durationMs = random.chance(0.6) ? random.whole(0, usual) : random.chance(0.8) ? usual : usual * 2;
  const startDelayMs = surroundings.startsAtOnce ? 0 : random.oneOf([0, 0, 5, 40]);
  return { type: 'submit', job: { ...like, priority: random.oneOf([0, 0, 0, 0, 1, 5, -1]), startDelayMs, durationMs } };
}

function someAction(random: Random, surroundings: Surroundings): Action {
  const kind = random.whole(1, 100);
  const pick = random.whole(0, 99);
  if (kind <= 62) return submit(random, surroundings);
  if (kind <= 67) return { type: 'stop_waiting', pick };
  if (kind <= 77) return { type: 'stop_running', pick };
  if (kind <= 84) return { type: 'set_queue', queue: queue(random, surroundings) };
  if (kind <= 86) return { type: 'remove_queue', name: random.oneOf(surroundings.queues) };
  if (kind <= 90) return { type: 'set_tenant', tenant: tenant(random, surroundings) };
  if (kind <= 91) return { type: 'remove_tenant', name: random.oneOf(surroundings.tenants) };
  if (kind <= 93) return { type: 'set_clock', byMs: random.oneOf([-2_000, -50, -1, 50, 2_000]) };
  if (kind <= 95) {
    const isOther = random.chance(0.3);
    return {
      type: 'crash',
      downMs: random.oneOf([0, 20, 500]),
      engines: isOther ? engines(random, false) : surroundings.engines,
    };
  }
  if (kind <= 96) return { type: 'engine_changed', name: 'cluster', capacity: machine(random) };
  return { type: 'nothing' };
}

function* settings(random: Random, surroundings: Surroundings): Generator<Step> {
  const quiet = { afterMs: 0, decides: false, reads: false };
  for (const name of surroundings.queues) {
    if (random.chance(0.5)) {
      yield { ...quiet, action: { type: 'set_queue', queue: { ...queue(random, surroundings), name } } };
    }
  }
  for (const name of surroundings.tenants) {
    if (random.chance(0.4)) {
      yield { ...quiet, action: { type: 'set_tenant', tenant: { ...tenant(random, surroundings), name } } };
    }
  }
}

function queue(random: Random, { queues, limitPercent }: Surroundings): Queue {
  return {
    ...newQueue(random.oneOf(queues)),
    priority: random.oneOf([0, 0, 0, 1, 5, -1]),
    state: random.oneOf(['active', 'active', 'active', 'active', 'draining', 'paused']),
    limits: limits(random, limitPercent),
  };
}

function tenant(random: Random, { tenants, limitPercent }: Surroundings): Tenant {
  return {
    ...newTenant(random.oneOf(tenants)),
    weight: random.oneOf([1, 1, 2, 0.5, 10]),
    quota: limits(random, limitPercent),
  };
}

function limits(random: Random, percent: number): HoldingLimits {
  const limit = (values: readonly [number, ...number[]]) =>
    random.chance(percent / 100) ? random.oneOf(values) : null;
  return {
    running: limit([0, 1, 2, 3]),
    cpus: limit([0, 0.5, 1, 2, 4]),
    gpus: limit([0, 0.5, 1, 2, 3]),
    memoryBytes: limit([0, 50, 100, 500]),
  };
}

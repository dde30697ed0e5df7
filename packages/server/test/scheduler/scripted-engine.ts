import type { AttemptHandle, AttemptOrder, Engine, EngineCapacity, Observation } from '../../src/engine/engine.ts';
import type { StopSignal } from '../../src/job/job.ts';

/** An engine that runs nothing and says what the test wants it to, so that each order of events can be had. */
export interface ScriptedEngine extends Engine {
  orders: AttemptOrder[];
  followed: AttemptHandle[];
  stops: { attemptId: string; graceMs: number; signal: StopSignal }[];
  /** The next hand-over fails with this. */
  failNext(error: Error): void;
  /** Resolves with the order of the job once it is handed over. */
  orderOf(jobId: string): Promise<AttemptOrder>;
  say(observation: Observation): void;
}

/** @param overrides what it is otherwise: a cluster, say */
export function scriptedEngine(
  capacity: Partial<EngineCapacity>,
  hear: (observation: Observation) => void,
  overrides: Partial<Engine> = {},
): ScriptedEngine {
  const orders: AttemptOrder[] = [];
  const followed: AttemptHandle[] = [];
  const stops: ScriptedEngine['stops'] = [];
  let nextFailure: Error | null = null;
  let tellWaiters: (() => void)[] = [];

  return {
    name: 'local',
    hasOwnQueue: false,
    sharesDisk: true,
    runsContainers: false,
    bootId: 'boot-1',
    orders,
    followed,
    stops,
    capacity: () => ({ cpus: 4, memoryBytes: 1_000, gpuIds: ['0', '1'], custom: {}, ...capacity }),

    nodes: () => [],
    trouble: () => null,
    reasonToWait: () => null,
    checkOptions: () => null,

    async handOver(order) {
      if (nextFailure !== null) {
        const failure = nextFailure;
        nextFailure = null;
        throw failure;
      }
      orders.push(order);
      for (const tell of tellWaiters) tell();
      tellWaiters = [];
    },

    follow(handle) {
      followed.push(handle);
    },

    stop(attemptId, graceMs, signal = 'SIGTERM') {
      stops.push({ attemptId, graceMs, signal });
    },

    async close() {},

    failNext(error) {
      nextFailure = error;
    },

    async orderOf(jobId) {
      for (;;) {
        const order = orders.findLast((other) => other.jobId === jobId);
        if (order !== undefined) return order;
        await new Promise<void>((resolve) => {
          tellWaiters.push(resolve);
        });
      }
    },

    say: hear,
    ...overrides,
  };
}

import type { QueueServiceOptions } from '../../src/queues/queue-service.ts';
import { createRuleBook } from '../../src/scheduler/rules/create-rule-book.ts';
import type { EngineRoom } from '../../src/scheduler/rules/rule-book.ts';

const ROOM: EngineRoom = {
  capacity: { cpus: 4, memoryBytes: 1_000, gpuIds: ['0'], custom: {} },
  maxRunning: 8,
  isRationed: true,
};

/** As much of a scheduler as queues need: the rules, over a machine on which nothing runs. */
export function ruleScheduler(unfinished = 0): QueueServiceOptions['scheduler'] {
  const rules = createRuleBook({
    engines: new Map([['local', ROOM]]),
    halfLifeMs: 1_000,
  });
  return {
    applyRule: rules.apply,
    engine: () => null,
    engineNames: () => ['local'],
    unfinishedIn: () => unfinished,
    queueUse: rules.queueUse,
    tenantUse: (name) => rules.tenantUse(name, 0),
    activeTenants: () => rules.activeTenants(0),
  };
}

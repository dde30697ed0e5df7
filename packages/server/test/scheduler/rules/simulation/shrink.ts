import type { Scenario, Step } from './scenario.ts';

/** Takes away from a failing scenario what it fails without. */
export function shrink(scenario: Scenario, fails: (smaller: Scenario) => boolean): Scenario {
  let smallest = scenario;
  for (let size = Math.ceil(smallest.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = smallest.steps.length - size; start >= 0; start -= size) {
      const smaller = { ...smallest, steps: smallest.steps.toSpliced(start, size) };
      if (fails(smaller)) smallest = smaller;
    }
  }
  for (let again = true; again; ) {
    const simpler = [...simplerScenarios(smallest)].find(fails);
    again = simpler !== undefined;
    smallest = simpler ?? smallest;
  }
  return smallest;
}

function* simplerScenarios(scenario: Scenario): Generator<Scenario> {
  for (const [index, step] of scenario.steps.entries()) {
    yield { ...scenario, steps: scenario.steps.toSpliced(index, 1) };
    for (const simpler of simplerSteps(step)) yield { ...scenario, steps: scenario.steps.with(index, simpler) };
  }
}

function* simplerSteps(step: Step): Generator<Step> {
  if (step.afterMs > 0) yield { ...step, afterMs: 0 };
  if (step.reads) yield { ...step, reads: false };
  if (step.decides) yield { ...step, decides: false };
  const { action } = step;
  if (action.type !== 'submit') return;
  const { job } = action;
  const withJob = (changed: Partial<typeof job>): Step => ({
    ...step,
    action: { ...action, job: { ...job, ...changed } },
  });
  if (job.priority !== 0) yield withJob({ priority: 0 });
  if (job.boundMs !== null) yield withJob({ boundMs: null });
  if (job.startDelayMs > 0) yield withJob({ startDelayMs: 0 });
  const { request } = job;
  for (const kind of ['cpus', 'gpus', 'memoryBytes'] as const) {
    if (request[kind] > 0) yield withJob({ request: { ...request, [kind]: 0 } });
  }
  if (Object.keys(request.custom).length > 0) yield withJob({ request: { ...request, custom: {} } });
}

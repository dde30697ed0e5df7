import { Histogram, type Registry } from 'prom-client';
import type { EnvironmentPreparer } from '../environment/environment.ts';
import { PREPARATION_SECONDS } from './buckets.ts';

/** Answers a preparer in the place of the given one, which measures what that one does. */
export function createPreparationTimes(registry: Registry): (preparer: EnvironmentPreparer) => EnvironmentPreparer {
  const times = new Histogram({
    name: 'drover_environment_preparation_seconds',
    help: 'Time to make environments ready: the part that jobs share, and the part of each attempt',
    ...{ labelNames: ['part', 'outcome'], buckets: PREPARATION_SECONDS, registers: [registry] },
  });

  async function timed<Answer>(part: string, signal: AbortSignal, work: () => Promise<Answer>): Promise<Answer> {
    const beganAtMs = performance.now();
    const observe = (outcome: string) => times.observe({ part, outcome }, (performance.now() - beganAtMs) / 1_000);
    try {
      const answer = await work();
      observe('ready');
      return answer;
    } catch (error) {
      observe(signal.aborted ? 'stopped' : 'failed');
      throw error;
    }
  }

  return (preparer) => ({
    needsSharedPart: preparer.needsSharedPart,
    prepareShared: (request, signal) => timed('shared', signal, () => preparer.prepareShared(request, signal)),
    prepareAttempt: (request, directory, signal) =>
      timed('attempt', signal, () => preparer.prepareAttempt(request, directory, signal)),
  });
}

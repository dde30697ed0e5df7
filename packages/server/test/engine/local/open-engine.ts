import type { EngineEvents } from '../../../src/engine/engine.ts';
import { type LocalEngine, openLocalEngine } from '../../../src/engine/local/local-engine.ts';
import type { LocalEngineOptions } from '../../../src/engine/local/options.ts';

/** Opens a local engine that sweeps often, and fails loudly where it would only warn. */
export function openEngine(
  attemptsDir: string,
  events: EngineEvents,
  options: Partial<LocalEngineOptions> = {},
): Promise<LocalEngine> {
  return openLocalEngine(
    {
      attemptsDir,
      cgroups: 'auto',
      passVariables: [],
      logMaxBytes: 1024 ** 3,
      capacity: { cpus: null, memoryBytes: null, gpuIds: null, custom: {} },
      log: {
        warn(details, message) {
          throw new Error(message, { cause: details.err });
        },
      },
      sweepIntervalMs: 50,
      ...options,
    },
    events,
  );
}

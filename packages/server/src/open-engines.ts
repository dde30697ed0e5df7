import type { Logger } from 'pino';
import type { Config } from './config/config.ts';
import { LOCAL_ENGINE, type Observation } from './engine/engine.ts';
import { type LocalEngine, openLocalEngine } from './engine/local/local-engine.ts';
import type { Engines } from './scheduler/engines.ts';

export interface EngineOpening {
  config: Config;
  /** The server's own environment, of which drivers get an allow-list. */
  environment: Readonly<Record<string, string | undefined>>;
  log: Logger;
  onObservation(observation: Observation): void;
}

/** The engines of a server. */
export interface OpenEngines {
  engines: Engines;
  local: LocalEngine;
  /** Drivers go on. */
  close(): Promise<void>;
}

/** Opens what runs drivers: this machine. */
export async function openEngines(opening: EngineOpening): Promise<OpenEngines> {
  const { config, environment, log, onObservation } = opening;
  const local = await openLocalEngine(
    {
      attemptsDir: config.attemptsDir,
      environment,
      passVariables: config.passVariables,
      cgroups: config.cgroups,
      capacity: {
        cpus: config.cpus,
        memoryBytes: config.memoryBytes,
        gpuIds: config.gpuIds,
        custom: config.customResources,
      },
      logMaxBytes: config.logMaxBytes,
      log,
    },
    { onObservation },
  );
  const engines: Engines = new Map([[LOCAL_ENGINE, { engine: local, maxRunning: config.maxRunning }]]);
  return { engines, local, close: local.close };
}

import type { Logger } from 'pino';
import type { Config } from './config/config.ts';
import type { EngineSettings } from './config/engine-settings.ts';
import { type Engine, type EngineEvents, LOCAL_ENGINE, type Observation } from './engine/engine.ts';
import type { PodDoor } from './engine/kubernetes/door/pod-door.ts';
import { type LocalEngine, openLocalEngine } from './engine/local/local-engine.ts';
import type { OtherUser } from './engine/other-user.ts';
import type { Engines, ServedEngine } from './scheduler/engines.ts';

export interface EngineOpening {
  config: Config;
  /** The server's own environment, of which drivers get an allow-list. */
  environment: Readonly<Record<string, string | undefined>>;
  log: Logger;
  now: () => number;
  onObservation(observation: Observation): void;
  /** An engine has another capacity than before. */
  onCapacityChange(engine: string): void;
}

/** The engines of a server. */
export interface OpenEngines {
  /** The local one first. */
  engines: Engines;
  local: LocalEngine;
  /** What is in force of each cluster, for the log at the start. */
  clusters: Readonly<Record<string, ClusterDescription>>;
  /** Whom jobs of clusters run as, where that is not the server's own user. */
  otherUsers: readonly OtherUser[];
  /** For what pods ask, of each engine that has pods. */
  podDoors: readonly PodDoor[];
}

interface ClusterDescription {
  warnings: readonly string[];
}

interface OpenCluster {
  engine: Engine;
  description: ClusterDescription;
  podDoor?: PodDoor;
  otherUser?: OtherUser | null;
}

/**
 * Opens this machine and every cluster of the configuration, whether it can be reached or not. Rejects for settings that can never work.
 *
 * @param opened takes what has to be closed; drivers go on
 */
export async function openEngines(opening: EngineOpening, opened: AsyncDisposableStack): Promise<OpenEngines> {
  const { config } = opening;
  // Processes first: a small process starts others faster than a large one.
  const local = await openLocal(opening);
  opened.defer(() => local.close());
  const engines = new Map<string, ServedEngine>([[LOCAL_ENGINE, { engine: local, maxRunning: config.maxRunning }]]);
  const clusters: Record<string, ClusterDescription> = {};
  const podDoors: PodDoor[] = [];
  const otherUsers: OtherUser[] = [];
  for (const [name, settings] of Object.entries(config.engines)) {
    const {
      engine,
      description,
      podDoor,
      otherUser = null,
    } = await openCluster(name, settings, opening).catch((error: unknown) => {
      throw new Error(`the engine ${name} cannot be opened: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      });
    });
    opened.defer(() => engine.close());
    engines.set(name, { engine, maxRunning: settings.max_running });
    clusters[name] = description;
    if (podDoor !== undefined) podDoors.push(podDoor);
    if (otherUser !== null) otherUsers.push(otherUser);
  }
  return { engines, local, clusters, otherUsers, podDoors };
}

function openLocal({ config, environment, log, onObservation }: EngineOpening): Promise<LocalEngine> {
  const { cpus, memoryBytes, gpuIds, customResources: custom } = config;
  return openLocalEngine(
    {
      attemptsDir: config.attemptsDir,
      environment,
      passVariables: config.passVariables,
      cgroups: config.cgroups,
      capacity: { cpus, memoryBytes, gpuIds, custom },
      logMaxBytes: config.logMaxBytes,
      log,
    },
    { onObservation },
  );
}

/** What a server has no use for it does not load. */
async function openCluster(name: string, settings: EngineSettings, opening: EngineOpening): Promise<OpenCluster> {
  const { config, environment, log, now } = opening;
  const events: EngineEvents = {
    onObservation: opening.onObservation,
    onCapacityChange: () => opening.onCapacityChange(name),
  };
  const { attemptsDir, environmentsDir, passVariables, logMaxBytes } = config;
  switch (settings.type) {
    case 'slurm': {
      const { openSlurmEngine } = await import('./engine/slurm/slurm-engine.ts');
      const folders = { attemptsDir, environmentsDir };
      const options = { name, settings, ...folders, environment, passVariables, logMaxBytes, log, now };
      const engine = await openSlurmEngine(options, events);
      return { engine, description: engine.describe(), otherUser: engine.otherUser };
    }
    case 'kubernetes': {
      const { openKubernetesEngine } = await import('./engine/kubernetes/kubernetes-engine.ts');
      const options = { name, settings, attemptsDir, environment, logMaxBytes, log, now };
      const engine = await openKubernetesEngine(options, events);
      return { engine, description: engine.describe(), podDoor: engine.podDoor };
    }
  }
}

import { LOCAL_ENGINE } from '../engine/engine.ts';
import type { EngineAbilities } from '../environment/environment.ts';
import type { JobSpec, JsonObject } from '../job/job.ts';
import type { Queue } from '../queue/queue.ts';
import { checkEngineOptions, knownEngine } from '../scheduler/known-engine.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { Submission } from './service.ts';

/** The engine of a job, and what it asks of that. */
export interface ChosenEngine {
  name: string;
  abilities: EngineAbilities;
  options: JsonObject;
}

/**
 * The engine that a submit names, or that its queue does, or the server's default. What the queue asks of its engine holds for jobs that
 * run there, whoever has named it, as far as they do not say it themselves.
 *
 * @throws `UNKNOWN_ENGINE`, `INVALID_ENGINE_OPTIONS`
 */
export function chooseEngine(
  { engine, engineOptions = {}, runtimeEnv }: Pick<Submission, 'engine' | 'engineOptions' | 'runtimeEnv'>,
  queue: Queue,
  { defaultEngine, scheduler }: { defaultEngine: string; scheduler: Pick<Scheduler, 'engine' | 'engineNames'> },
): ChosenEngine {
  const ofQueue = queue.engine ?? defaultEngine;
  const name = engine ?? ofQueue;
  const chosen = knownEngine(scheduler, name);
  const { sharesDisk, runsContainers } = chosen;
  const own = {
    // Ray's name for it.
    ...(runsContainers && typeof runtimeEnv.image_uri === 'string' ? { image: runtimeEnv.image_uri } : {}),
    ...engineOptions,
  };
  const options = { ...(name === ofQueue ? queue.engineOptions : {}), ...own };
  // The configuration of the engine may be another than when the queue was set.
  checkEngineOptions(chosen, options, chosen.checkOptions(own) === null ? queue.name : null);
  return { name, options, abilities: { sharesDisk, runsContainers } };
}

/** As a job keeps it: nothing is named that is as ever. */
export function engineFields({
  name,
  options,
}: Pick<ChosenEngine, 'name' | 'options'>): Pick<JobSpec, 'engine' | 'engineOptions'> {
  return {
    ...(name === LOCAL_ENGINE ? {} : { engine: name }),
    ...(Object.keys(options).length === 0 ? {} : { engineOptions: options }),
  };
}

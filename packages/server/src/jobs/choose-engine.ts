import { LOCAL_ENGINE } from '../engine/engine.ts';
import { droverError } from '../errors/drover-error.ts';
import type { JobSpec, JsonObject } from '../job/job.ts';
import type { Queue } from '../queue/queue.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { Submission } from './service.ts';

/** The engine of a job, and what it asks of that. */
export interface ChosenEngine {
  name: string;
  options: JsonObject;
}

/**
 * The engine that a submit names, or that its queue does, or the server's default. What the queue asks of its engine holds for jobs that
 * run there, whoever has named it, as far as they do not say it themselves.
 *
 * @throws `UNKNOWN_ENGINE`, `INVALID_ENGINE_OPTIONS`
 */
export function chooseEngine(
  { engine, engineOptions = {} }: Pick<Submission, 'engine' | 'engineOptions'>,
  queue: Queue,
  { defaultEngine, scheduler }: { defaultEngine: string; scheduler: Pick<Scheduler, 'engine' | 'engineNames'> },
): ChosenEngine {
  const ofQueue = queue.engine ?? defaultEngine;
  const name = engine ?? ofQueue;
  const options = name === ofQueue ? { ...queue.engineOptions, ...engineOptions } : engineOptions;
  const found = scheduler.engine(name);
  if (found === null) throw droverError('UNKNOWN_ENGINE', { name, known: scheduler.engineNames().join(', ') });
  const problem = found.checkOptions(options);
  if (problem !== null) throw droverError('INVALID_ENGINE_OPTIONS', { engine: name, detail: problem });
  return { name, options };
}

/** As a job keeps it: nothing is named that is as ever. */
export function engineFields({ name, options }: ChosenEngine): Pick<JobSpec, 'engine' | 'engineOptions'> {
  return {
    ...(name === LOCAL_ENGINE ? {} : { engine: name }),
    ...(Object.keys(options).length === 0 ? {} : { engineOptions: options }),
  };
}

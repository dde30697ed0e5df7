import type { Engine } from '../engine/engine.ts';
import { droverError } from '../errors/drover-error.ts';
import type { JsonObject } from '../job/job.ts';
import type { Scheduler } from './scheduler.ts';

/** The engine of that name. @throws `UNKNOWN_ENGINE` */
export function knownEngine(scheduler: Pick<Scheduler, 'engine' | 'engineNames'>, name: string): Engine {
  const engine = scheduler.engine(name);
  if (engine === null) throw droverError('UNKNOWN_ENGINE', { name, known: scheduler.engineNames().join(', ') });
  return engine;
}

/** @param ofQueue whose options they are, where they are not the job's own @throws `INVALID_ENGINE_OPTIONS` */
export function checkEngineOptions(engine: Engine, options: JsonObject, ofQueue: string | null = null): void {
  const problem = engine.checkOptions(options);
  if (problem === null) return;
  const detail = ofQueue === null ? problem : `${problem}, and queue '${ofQueue}' sets it`;
  throw droverError('INVALID_ENGINE_OPTIONS', { engine: engine.name, detail });
}

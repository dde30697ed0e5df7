import { absentEngine } from '../engine/absent-engine.ts';
import { type Engine, LOCAL_ENGINE } from '../engine/engine.ts';
import type { ResourceRequest } from '../job/resources.ts';
import { type Refusal, refusalOf } from './rules/refusal.ts';
import type { EngineRoom } from './rules/rule-book.ts';

/** An engine, and how many drivers it has at once. */
export interface ServedEngine {
  engine: Engine;
  maxRunning: number;
}

/** Those that a server has, by name. */
export type Engines = ReadonlyMap<string, ServedEngine>;

/** The engine of that name; one that the server has not is there, and does nothing. */
export function engineNamed(engines: Engines, name: string): Engine {
  return engines.get(name)?.engine ?? absentEngine(name);
}

/** The engine of a job. */
export function engineOfJob(engines: Engines, { spec }: { spec: { engine?: string } }): Engine {
  return engineNamed(engines, spec.engine ?? LOCAL_ENGINE);
}

/** What the rules of the queue have to know of the engines. */
export function roomsOf(engines: Engines): Map<string, EngineRoom> {
  const rooms = [...engines].map(([name, { engine, maxRunning }]): [string, EngineRoom] => {
    return [name, { capacity: engine.capacity(), maxRunning, isRationed: !engine.hasOwnQueue }];
  });
  return new Map(rooms);
}

/** What of a request no state of the engine could ever meet; null where that is its own to say. */
export function refusalAt(engine: Engine, request: ResourceRequest): Refusal | null {
  return engine.hasOwnQueue ? null : refusalOf(engine.capacity(), request);
}

import type { EngineEvents, Observation } from '../../src/engine/engine.ts';
import { PATIENCE_MS } from './until.ts';

export type NewsKind = Observation['kind'];
type Of<K extends NewsKind> = Extract<Observation, { kind: K }>;

/** Keeps what an engine tells, and waits for what it is to tell. */
export interface News extends EngineEvents {
  all: Observation[];
  /** The first observation of an attempt of that kind; rejects with what was told instead when it does not come. */
  of<K extends NewsKind>(attemptId: string, kind: K): Promise<Of<K>>;
  /** The first one that says that nothing of the attempt runs any more. */
  endOf(attemptId: string): Promise<Observation>;
}

export function createNews(): News {
  const all: Observation[] = [];
  const listeners = new Set<() => void>();

  function find(what: string, matches: (observation: Observation) => boolean): Promise<Observation> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        listeners.delete(look);
        reject(new Error(`no ${what} within ${PATIENCE_MS} ms, only ${JSON.stringify(all)}`));
      }, PATIENCE_MS);
      function look(): void {
        const found = all.find(matches);
        if (!found) return;
        clearTimeout(timer);
        listeners.delete(look);
        resolve(found);
      }
      listeners.add(look);
      look();
    });
  }

  return {
    all,
    onObservation(observation) {
      all.push(observation);
      for (const listener of [...listeners]) listener();
    },
    async of<K extends NewsKind>(attemptId: string, kind: K): Promise<Of<K>> {
      const isWanted = (o: Observation): o is Of<K> => o.attemptId === attemptId && o.kind === kind;
      const found = await find(`'${kind}' of ${attemptId}`, isWanted);
      if (!isWanted(found)) throw new Error('the search found something else');
      return found;
    },
    endOf: (attemptId) => find(`end of ${attemptId}`, (o) => o.attemptId === attemptId && o.kind !== 'started'),
  };
}

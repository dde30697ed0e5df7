import { createSlots } from '../timing/slots.ts';
import type { ResolvedAddress, ResolveName } from './resolve-host.ts';

/** A look-up occupies, for many seconds where no name server answers, one of the few threads that also read files. */
const AT_ONCE = 2;

const MAX_NAMES = 1_000;

interface Known {
  answer: Promise<ResolvedAddress[]>;
  /** Infinity while it is being looked up. */
  untilMs: number;
}

/** Looks up a name once for all who ask at the same time, and lets what came of it, an error too, hold for a while. */
export function createSeldomResolve(resolve: ResolveName, keepMs: number, now: () => number): ResolveName {
  const known = new Map<string, Known>();
  const slots = createSlots(AT_ONCE);
  const { signal: never } = new AbortController();

  function lookUp(name: string): Known {
    const answer = slots.run(never, () => resolve(name));
    const entry: Known = { answer, untilMs: Number.POSITIVE_INFINITY };
    const settle = () => {
      entry.untilMs = now() + keepMs;
    };
    answer.then(settle, settle);
    known.delete(name);
    known.set(name, entry);
    const [oldest] = known.keys();
    if (known.size > MAX_NAMES && oldest !== undefined) known.delete(oldest);
    return entry;
  }

  return (name) => {
    const before = known.get(name);
    return (before !== undefined && now() < before.untilMs ? before : lookUp(name)).answer;
  };
}

import type { Demand } from './demand.ts';
import { add, devicesFor, type FreeResources, fits, subtract, take, usableBy } from './free-resources.ts';
import type { LatestStart } from './holdings.ts';

/** Reservations of one round that have a time. More would cost more than they let through. */
const TIMED_RESERVATIONS = 8;

/** What was set aside at an engine for one blocked job. */
interface Reservation {
  /** When the job starts at the latest; null where nobody knows. */
  atMs: number | null;
  aside: FreeResources;
}

/** What one round has left of an engine. */
export interface EngineRoomLeft {
  /** Devices for a demand that fits in what is left, which it takes; null where it does not fit. */
  claim(demand: Demand): string[] | null;
  /** The same for a job that ends by then: it may take what is set aside for jobs that do not start earlier. */
  claimUntil(demand: Demand, endMs: number): string[] | null;
  /** Sets aside what a blocked job could use of what is left. @param latestStart when it starts at the latest, where that is known; not always asked */
  reserve(demand: Demand, latestStart: () => LatestStart | null): void;
  /** Whether a job with such a demand could be given it in this round. @param isBounded whether it may take what is set aside */
  mayStillFit(demand: Demand, isBounded: boolean): boolean;
}

export function createEngineRoom(free: FreeResources): EngineRoomLeft {
  /** What is free and not set aside. */
  let left = free;
  /** The same with everything that could be lent. */
  let lendable = free;
  const reservations: Reservation[] = [];
  let reserved = 0;

  return {
    claim(demand) {
      const gpus = devicesFor(left, demand);
      if (gpus === null) return null;
      left = take(left, demand, gpus);
      lendable = take(lendable, demand, gpus);
      return gpus;
    },

    claimUntil(demand, endMs) {
      // The latest first: what is taken of them is missed the least.
      const lenders = reservations
        .filter(({ atMs }) => atMs !== null && atMs >= endMs)
        .sort((one, other) => (other.atMs ?? 0) - (one.atMs ?? 0));
      if (lenders.length === 0) return null;
      const room = lenders.reduce((sum, { aside }) => add(sum, aside), left);
      const gpus = devicesFor(room, demand);
      if (gpus === null) return null;
      left = take(left, demand, gpus);
      lendable = take(lendable, demand, gpus);
      for (const lender of lenders) {
        const lent = loan(left, lender.aside);
        left = add(left, lent);
        lender.aside = subtract(lender.aside, lent);
      }
      return gpus;
    },

    reserve(demand, latestStart) {
      reserved += 1;
      const start = reserved > TIMED_RESERVATIONS ? null : latestStart();
      const aside = usableBy(left, demand, start?.gpus ?? null);
      if (aside === null) return;
      left = subtract(left, aside);
      if (start === null) lendable = subtract(lendable, aside);
      else reservations.push({ atMs: start.atMs, aside });
    },

    mayStillFit: (demand, isBounded) => fits(isBounded ? lendable : left, demand),
  };
}

/** What is overdrawn of what is left, as far as it was set aside here. */
function loan(left: FreeResources, aside: FreeResources): FreeResources {
  const amounts = overdraft((name) => left.amounts[name], Object.entries(aside.amounts));
  const gpus = overdraft((id) => left.gpus.get(id), aside.gpus);
  return { amounts: Object.fromEntries(amounts), gpus };
}

function overdraft(
  leftOf: (name: string) => number | undefined,
  aside: Iterable<[name: string, units: number]>,
): Map<string, number> {
  const lent = new Map<string, number>();
  for (const [name, units] of aside) {
    const lack = Math.min(units, -(leftOf(name) ?? 0));
    if (lack > 0) lent.set(name, lack);
  }
  return lent;
}

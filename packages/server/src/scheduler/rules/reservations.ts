import type { Demand } from './demand.ts';
import { add, chooseGpus, type FreeResources, fits, subtract, take, usableBy } from './free-resources.ts';

/** What was set aside at the machine for one blocked job. */
interface Reservation {
  /** When the job starts at the latest; null where nobody knows. */
  atMs: number | null;
  aside: FreeResources;
}

/** What one round has left of the machine. */
export interface MachineRoom {
  /** Devices for a demand that fits in what is left, which it takes; null where it does not fit. */
  claim(demand: Demand): string[] | null;
  /** The same for a job that ends by then: it may take what is set aside for jobs that do not start earlier. */
  claimUntil(demand: Demand, endMs: number): string[] | null;
  /** Sets aside what a blocked job could use of what is left. @param atMs the time of its reservation, where it has one */
  reserve(demand: Demand, atMs: number | null): void;
}

export function createMachineRoom(free: FreeResources): MachineRoom {
  /** What is free and not set aside. */
  let left = free;
  const reservations: Reservation[] = [];

  function choose(room: FreeResources, demand: Demand): string[] | null {
    return fits(room, demand) ? chooseGpus(room, demand) : null;
  }

  return {
    claim(demand) {
      const gpus = choose(left, demand);
      if (gpus === null) return null;
      left = take(left, demand, gpus);
      return gpus;
    },

    claimUntil(demand, endMs) {
      // The latest first: what is taken of them is missed the least.
      const lendable = reservations
        .filter(({ atMs }) => atMs !== null && atMs >= endMs)
        .sort((one, other) => (other.atMs ?? 0) - (one.atMs ?? 0));
      if (lendable.length === 0) return null;
      const room = lendable.reduce((sum, { aside }) => add(sum, aside), left);
      const gpus = choose(room, demand);
      if (gpus === null) return null;
      left = take(left, demand, gpus);
      for (const reservation of lendable) {
        const lent = loan(left, reservation.aside);
        left = add(left, lent);
        reservation.aside = subtract(reservation.aside, lent);
      }
      return gpus;
    },

    reserve(demand, atMs) {
      const aside = usableBy(left, demand);
      left = subtract(left, aside);
      reservations.push({ atMs, aside });
    },
  };
}

/** What is overdrawn of what is left, as far as it was set aside here. */
function loan(left: FreeResources, aside: FreeResources): FreeResources {
  return { amounts: overdraft(left.amounts, aside.amounts), gpus: overdraft(left.gpus, aside.gpus) };
}

function overdraft(
  left: Readonly<Record<string, number>>,
  aside: Readonly<Record<string, number>>,
): Record<string, number> {
  const lent: Record<string, number> = {};
  for (const [name, units] of Object.entries(aside)) {
    const lack = Math.min(units, -(left[name] ?? 0));
    if (lack > 0) lent[name] = lack;
  }
  return lent;
}

import type { Warn } from '../warn-once.ts';
import type { SlurmClient, SlurmJob } from './client/slurm-client.ts';
import { hasEnded } from './cluster-word.ts';

/** What accounting has of jobs that the controller has forgotten. */
export interface Accounting {
  /** Of these ids, as far as it has answered. Whoever calls this again and again lets it be asked, for all that are wanted together. */
  rowsOf(ids: readonly number[]): readonly SlurmJob[];
  close(): void;
}

export interface AccountingOptions {
  client: Pick<SlurmClient, 'listAccounted'>;
  /** Time until it is asked once more for what it did not know, and after a question that it did not answer. */
  againMs: number;
  /** Told that it is out of reach. */
  warn: Warn;
  /** How long a site without accounting is not asked again. Default 10 min. */
  withoutMs?: number;
}

interface Wanted {
  at: number;
  /** When it was asked for, by {@link performance.now}; null where it was not yet. */
  askedAt: number | null;
  rows: readonly SlurmJob[];
}

/** An expiry of many jobs at once, or a start of the server, is one question. */
const GATHER_MS = 250;
/** They stand in an address, which servers limit to some kilobytes. */
const MOST_AT_ONCE = 200;
const FORGET_AFTER_MS = 120_000;
const WITHOUT_MS = 600_000;

export function openAccounting({ client, againMs, warn, withoutMs = WITHOUT_MS }: AccountingOptions): Accounting {
  const wanted = new Map<number, Wanted>();
  let timer: NodeJS.Timeout | null = null;
  let isAsking = false;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  let closed = false;

  function isDue({ askedAt, rows }: Wanted): boolean {
    if (askedAt === null) return true;
    return !rows.some(hasEnded) && performance.now() - askedAt >= againMs;
  }

  async function ask(): Promise<void> {
    timer = null;
    const from = performance.now();
    for (const [id, { at }] of wanted) if (from - at > FORGET_AFTER_MS) wanted.delete(id);
    const due = [...wanted].filter(([, one]) => isDue(one)).slice(0, MOST_AT_ONCE);
    isAsking = true;
    try {
      const rows = await client.listAccounted(due.map(([id]) => id));
      if (rows === null) pausedUntil = performance.now() + withoutMs;
      const byId = Map.groupBy(rows ?? [], ({ id }) => id);
      for (const [id, one] of due) {
        one.askedAt = from;
        one.rows = byId.get(id) ?? [];
      }
    } catch (error) {
      pausedUntil = performance.now() + againMs;
      if (!closed) warn("Slurm's accounting is out of reach; of jobs that Slurm has forgotten nothing is heard", error);
    } finally {
      isAsking = false;
    }
  }

  return {
    rowsOf(ids) {
      const now = performance.now();
      const ones = ids.map((id) => {
        const one: Wanted = wanted.get(id) ?? { at: now, askedAt: null, rows: [] };
        one.at = now;
        wanted.set(id, one);
        return one;
      });
      const isIdle = timer === null && !isAsking && !closed && now >= pausedUntil;
      if (isIdle && ones.some(isDue)) timer = setTimeout(ask, GATHER_MS);
      return ones.flatMap(({ rows }) => rows);
    },

    close() {
      closed = true;
      if (timer) clearTimeout(timer);
    },
  };
}

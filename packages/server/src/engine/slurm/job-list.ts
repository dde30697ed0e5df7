import type { SlurmClient, SlurmJob } from './client/slurm-client.ts';
import type { Contact } from './contact.ts';
import { attemptOf } from './job-name.ts';

/** All of Drover's jobs in Slurm, asked for together. */
export interface JobList {
  /** Those of an attempt; none where it has none, or nobody has asked yet. */
  jobsOf(attemptId: string): readonly SlurmJob[];
  /** When the last question that was answered began, by {@link performance.now}; null where none was, or Slurm is out of reach now. */
  askedAt(): number | null;
  /** Asks as soon as can be, and then every few seconds as long as {@link JobListOptions.isNeeded}. */
  wake(): void;
  /** Asks at once, and waits no longer for an answer to what was asked before: Slurm is back, and that may take it long. */
  askAgain(): void;
  close(): void;
}

export interface JobListOptions {
  client: Pick<SlurmClient, 'listJobs'>;
  contact: Contact;
  intervalMs: number;
  isNeeded(): boolean;
  /** Slurm has answered; or it could not, then its last answer counts no more. */
  onAnswer(): void;
}

/** A question takes a tenth of the time at most, however long the list is. */
const PAUSE_FACTOR = 9;
const FIRST_AFTER_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

export function openJobList({ client, contact, intervalMs, isNeeded, onAnswer }: JobListOptions): JobList {
  let jobs = new Map<string, SlurmJob[]>();
  let askedAt: number | null = null;
  let timer: NodeJS.Timeout | null = null;
  let dueAt = Number.POSITIVE_INFINITY;
  /** The question that is under way. An older one was given up: its answer counts for nothing. */
  let asking: symbol | null = null;
  /** Its answer has come, and may be what shows that Slurm is back. */
  let isAnswered = false;
  let wakeAfter = false;
  let failures = 0;
  let closed = false;
  let lastFrom = Number.NEGATIVE_INFINITY;
  /** Before then a question would take too much of Slurm's time. */
  let restsUntil = Number.NEGATIVE_INFINITY;

  function schedule(delayMs: number): void {
    const at = performance.now() + delayMs;
    if (closed || asking !== null || at >= dueAt) return;
    if (timer) clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(ask, delayMs);
  }

  async function ask(): Promise<void> {
    timer = null;
    dueAt = Number.POSITIVE_INFINITY;
    if (!isNeeded()) return;
    const own = Symbol('question');
    asking = own;
    const from = performance.now();
    lastFrom = from;
    let listed: SlurmJob[] | null | undefined;
    try {
      listed = await contact.reach(async () => {
        const answer = await client.listJobs((name) => attemptOf(name) !== null);
        isAnswered = asking === own;
        return answer;
      });
    } catch {
      // The contact keeps why.
    }
    isAnswered = false;
    if (asking !== own || closed) return;
    asking = null;
    if (listed === undefined) {
      askedAt = null;
      failures += 1;
    } else {
      if (listed !== null) jobs = Map.groupBy(listed, ({ name }) => attemptOf(name) ?? '');
      askedAt = from;
      failures = 0;
    }
    const now = performance.now();
    restsUntil = now + Math.min((now - from) * PAUSE_FACTOR, LONGEST_PAUSE_MS);
    onAnswer();
    const pauseMs = failures > 0 ? intervalMs * 2 ** Math.min(failures, 2) : Math.max(intervalMs, restsUntil - now);
    schedule(Math.min(pauseMs, Math.max(LONGEST_PAUSE_MS, intervalMs)));
    if (wakeAfter) wake();
  }

  function wake(): void {
    wakeAfter = asking !== null;
    const now = performance.now();
    const soonMs = Math.max(FIRST_AFTER_MS, lastFrom + Math.min(intervalMs, 1000) - now, restsUntil - now);
    schedule(failures > 0 ? intervalMs : soonMs);
  }

  return {
    jobsOf: (attemptId) => jobs.get(attemptId) ?? [],
    askedAt: () => (contact.isBroken() ? null : askedAt),
    wake,
    askAgain() {
      if (isAnswered) return;
      asking = null;
      schedule(0);
    },
    close() {
      closed = true;
      if (timer) clearTimeout(timer);
    },
  };
}

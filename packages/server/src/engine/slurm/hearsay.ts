import type { ClusterWord } from '../remote/decide.ts';
import type { SlurmJob } from './client/slurm-client.ts';
import { clusterWordOf } from './cluster-word.ts';

/** What Slurm says of an attempt, and for how long it has said so. */
export interface Hearsay {
  /** Takes in the last answer. @param claimant id of the job whose supervisor has the claim, where one has */
  listen(claimant: string | null): ClusterWord;
  word(): ClusterWord;
  /** For how long the word has been of this kind; silence between does not count against it. */
  forMs(): number;
}

export interface HearsaySources {
  jobs(): readonly SlurmJob[];
  /** When the last question that Slurm has answered began, by {@link performance.now}; null while it is out of reach. */
  askedAt(): number | null;
  /** When it was settled what Slurm was given: a question that began before says nothing of it. Null while that is under way. */
  settledAt(): number | null;
}

export function createHearsay({ jobs, askedAt, settledAt }: HearsaySources): Hearsay {
  let word: ClusterWord = { kind: 'unknown' };
  let heard: { kind: ClusterWord['kind']; since: number } = { kind: 'unknown', since: performance.now() };

  function wordNow(claimant: string | null): ClusterWord {
    const asked = askedAt();
    if (asked === null) return { kind: 'unknown' };
    const found = clusterWordOf(jobs(), claimant);
    if (found.kind !== 'absent') return found;
    const settled = settledAt();
    return settled === null || asked < settled ? { kind: 'unknown' } : found;
  }

  return {
    listen(claimant) {
      word = wordNow(claimant);
      if (word.kind !== 'unknown' && word.kind !== heard.kind) heard = { kind: word.kind, since: performance.now() };
      return word;
    },
    word: () => word,
    forMs: () => performance.now() - heard.since,
  };
}

import { editDistance, sharedPrefixLength } from './edit-distance.ts';

/** Beginnings shorter than this say nothing. */
const SHORTEST_BEGINNING = 3;

/**
 * Of these ids, those that a person may have meant: a slip or two away, cut off or with something behind, or alike in the
 * first half. Nearest first, at most `limit`; case does not count.
 */
export function rankSimilar(jobId: string, candidates: Iterable<string>, limit: number): string[] {
  const ranked: { id: string; rank: number; shared: number }[] = [];
  for (const id of candidates) {
    const shared = sharedPrefixLength(jobId.toLowerCase(), id.toLowerCase());
    const rank = rankOf(jobId.toLowerCase(), id.toLowerCase(), shared);
    if (rank !== null && id !== jobId) ranked.push({ id, rank, shared });
  }
  ranked.sort((a, b) => a.rank - b.rank || b.shared - a.shared || (a.id < b.id ? -1 : 1));
  return ranked.slice(0, limit).map(({ id }) => id);
}

function rankOf(asked: string, found: string, shared: number): number | null {
  const slips = asked.length > 4 ? 2 : 1;
  const distance = editDistance(asked, found, slips);
  if (distance <= slips) return distance;
  if (shared < SHORTEST_BEGINNING) return null;
  if (shared === Math.min(asked.length, found.length)) return slips + 1;
  return shared * 2 >= asked.length ? slips + 2 : null;
}

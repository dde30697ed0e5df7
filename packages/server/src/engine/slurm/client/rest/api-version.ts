/** Versions of slurmrestd's interface whose shapes are known here; the older ones were tried, the newer ones are read from Slurm's specification. */
const OLDEST = 36;
const NEWEST = 43;

/** From this version on the environment is a list, and numbers say whether they are set. */
const WRAPPED_NUMBERS_SINCE = 39;

export function usesWrappedNumbers(version: string): boolean {
  return minorOf(version) >= WRAPPED_NUMBERS_SINCE;
}

/**
 * The newest version that the specification (the text of `/openapi/v3`) offers and that is known here; null where there is none.
 *
 * @param part of slurmctld, or of slurmdbd
 */
export function newestKnownVersion(specification: string, part: 'slurm' | 'slurmdb' = 'slurm'): string | null {
  // slurmrestd escapes the slashes of its JSON.
  const paths = new RegExp(`/${part}\\\\?/v0\\.0\\.(\\d+)\\\\?/`, 'g');
  const offered = [...specification.matchAll(paths)].map((match) => Number(match[1]));
  const known = offered.filter((minor) => minor >= OLDEST && minor <= NEWEST);
  return known.length === 0 ? null : `v0.0.${Math.max(...known)}`;
}

/** In the order in which they are tried where the specification cannot be had. */
export const KNOWN_VERSIONS = Array.from({ length: NEWEST - OLDEST + 1 }, (_, index) => `v0.0.${NEWEST - index}`);

function minorOf(version: string): number {
  return Number(version.split('.')[2]);
}

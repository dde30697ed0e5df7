import { word } from './settings.ts';

const FEATURE = String.raw`[^\s\p{Cc}&|,()[\]*]+`;
const GROUP = String.raw`\(${FEATURE}(?:[&|]${FEATURE})*\)`;
const TERM = `(?:${FEATURE}|${GROUP})`;

/**
 * Features of nodes as a job may ask for them. Brackets and counts are left out: they are for jobs of several nodes, and with a count
 * Slurm looks for other nodes than those which the rest of a constraint leaves.
 */
export const jobConstraint = word.regex(new RegExp(`^${TERM}(?:[&|]${TERM})*$`, 'u'));

/** One constraint that holds where all of these do; null for none. Slurm knows no precedence, it reads from the left. */
export function joinConstraints(constraints: readonly string[]): string | null {
  const [only] = constraints;
  if (constraints.length < 2) return only ?? null;
  return constraints.map((one) => (hasOpenChoice(one) ? `(${one})` : one)).join('&');
}

/** Whether there is an "or" outside of parentheses; Slurm takes none within others. */
function hasOpenChoice(constraint: string): boolean {
  return constraint.replace(/\([^)]*\)/g, '').includes('|');
}

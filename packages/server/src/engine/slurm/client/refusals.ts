import type { SlurmErrorKind } from './slurm-client.ts';

/** Slurm's error numbers (slurm_errno.h) and its texts for them, which its commands print alone. */
const NO_SUCH_JOB = { numbers: [2017, 9003], texts: /invalid job id specified/i };

/** What no later try can change. */
const REFUSED = {
  numbers: [
    2000, 2001, 2002, 2003, 2004, 2005, 2006, 2008, 2009, 2012, 2014, 2018, 2025, 2029, 2045, 2048, 2051, 2053, 2066,
    2072, 9001,
  ],
  texts: new RegExp(
    [
      'invalid (partition|account|qos|feature|generic resource|licen[sc]e|node name|time limit|wckey|gres)',
      'no partition specified or system default',
      'access/permission denied',
      "user's group not permitted",
      'requested node configuration is not available',
      'node count specification invalid',
      'more processors requested than permitted',
      'memory (required|specification)',
      'requested reservation is invalid',
      'requested time limit is invalid',
      'job script not specified',
      'pathname .* too long',
      'failure during parsing',
      'unknown key',
      'unrecognized option',
      'invalid --',
    ].join('|'),
    'i',
  ),
};

/** The controller's own numbers: whatever they say, it was reached. */
const CONTROLLERS = { from: 2000, to: 2999 };
/** But for one that only stands by for another. */
const STANDS_BY = 2027;
/** EAGAIN: it has as many jobs as it takes (MaxJobCount). */
const IS_FULL = 11;

/** What passes: limits of how many jobs there may be, partitions that are down, jobs that are about to begin or to end. */
const NOT_NOW = new RegExp(
  [
    'violates accounting/qos policy',
    'partition configuration not available now',
    'partition not available',
    'temporarily unable to accept job',
    'can not be altered now',
    'already completing or completed',
    'job is pending execution',
  ].join('|'),
  'i',
);

/** What an error of Slurm's means for who made the call. */
export function classifyError(number: number | null, text: string): SlurmErrorKind {
  if (matches(NO_SUCH_JOB, number, text)) return 'no-such-job';
  if (matches(REFUSED, number, text)) return 'refused';
  return isNotNow(number, text) ? 'not-now' : 'unknown';
}

function isNotNow(number: number | null, text: string): boolean {
  if (number === null) return NOT_NOW.test(text);
  if (number === IS_FULL) return true;
  return number >= CONTROLLERS.from && number <= CONTROLLERS.to && number !== STANDS_BY;
}

function matches(known: { numbers: readonly number[]; texts: RegExp }, number: number | null, text: string): boolean {
  return (number !== null && known.numbers.includes(number)) || known.texts.test(text);
}

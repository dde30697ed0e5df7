import { constants } from 'node:os';
import type { EndCode, JobEnd } from './end.ts';

/** Ends that a rule is about: those that match any of what it names. Something must be named. */
export interface RetryRule {
  /** 0 to 255. */
  exitCodes?: readonly number[];
  /** Names such as `SIGKILL`, which ended the driver. */
  signals?: readonly string[];
  codes?: readonly EndCode[];
  /** Whether such an end is tried again. */
  retry: boolean;
}

/** How often, when and for which ends a job is tried again. */
export interface RetryPolicy {
  /** 0: never. */
  maxRetries: number;
  /** Before the first retry; multiplied for each one that follows. */
  initialDelayMs: number;
  maxDelayMs: number;
  /** 1 or more. */
  multiplier: number;
  /** By what fraction of itself, at random, a delay is made shorter, so that jobs that failed together do not come back together. */
  jitter: number;
  /** The first that matches decides; where none does, {@link isRetriedByDefault}. */
  rules: readonly RetryRule[];
}

export const DEFAULT_RETRY: RetryPolicy = {
  maxRetries: 0,
  initialDelayMs: 5_000,
  maxDelayMs: 10 * 60 * 1_000,
  multiplier: 2,
  jitter: 0.2,
  rules: [],
};

/**
 * Whether to try again after this end, and after what time; null where not.
 *
 * @param made retries that were made before
 * @param random 0 to 1, for the jitter
 */
export function decideRetry(
  policy: RetryPolicy,
  made: number,
  end: JobEnd,
  random: number,
): { delayMs: number } | null {
  if (end.status !== 'FAILED' || made >= policy.maxRetries) return null;
  const rule = policy.rules.find((candidate) => matches(candidate, end));
  if (!(rule?.retry ?? isRetriedByDefault(end.code))) return null;
  const fullMs = Math.min(policy.initialDelayMs * policy.multiplier ** made, policy.maxDelayMs);
  return { delayMs: Math.round(fullMs * (1 - policy.jitter * random)) };
}

/** A limit that ended a job once would end it again, and what could never be run cannot be run the next time. */
const FINAL: readonly EndCode[] = [
  'TIME_LIMIT',
  'QUEUE_TIME_LIMIT',
  'DEPENDENCY_FAILED',
  'ELEMENTS_FAILED',
  'UNSCHEDULABLE',
  'CANCELLED',
];

function isRetriedByDefault(code: EndCode): boolean {
  return !FINAL.includes(code);
}

function matches({ exitCodes, signals, codes }: RetryRule, { code, exitCode }: JobEnd): boolean {
  if (codes?.includes(code)) return true;
  if (exitCode === null) return false;
  return exitCodes?.includes(exitCode) || signals?.some((name) => exitCode === 128 + signalNumber(name)) || false;
}

/** NaN for a name that no signal has. */
export function signalNumber(name: string): number {
  return new Map<string, number>(Object.entries(constants.signals)).get(name) ?? Number.NaN;
}

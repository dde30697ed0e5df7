import type { RetryPolicy, RetryRule } from '@drover/client/retry';
import { type Command, InvalidArgumentError } from 'commander';
import { END_CODES } from '../../errors/end-codes.ts';
import { signalNumber } from '../../job/retry.ts';
import { parseCount, parseTime } from './option-values.ts';

/** The options of retries, as commander parsed them. */
export interface RetryOptions {
  maxRetries?: number;
  /** In milliseconds. */
  retryDelay?: number;
  /** Of `--retry-on` and `--no-retry-on` together, in the order in which they were given. */
  retryOn?: RetryRule[];
}

/** Adds `--max-retries`, `--retry-delay`, `--retry-on` and `--no-retry-on`. */
export function addRetryOptions(command: Command): Command {
  return command
    .option('--max-retries <n>', 'try again so often when it fails; what its queue says otherwise, or 0', parseCount)
    .option(
      '--retry-delay <time>',
      'time before the first retry (5s), twice as long before each further one',
      parseTime,
    )
    .option('--retry-on <ends>', 'such as 75,SIGKILL,OUT_OF_MEMORY: try again after these (repeatable)', collect(true))
    .option('--no-retry-on <ends>', 'do not after these; the first that matches decides (repeatable)', collect(false));
}

/** What was said of when to try again; undefined where nothing was. */
export function retryPolicyOf({ retryDelay, retryOn }: RetryOptions): Partial<RetryPolicy> | undefined {
  if (retryDelay === undefined && retryOn === undefined) return undefined;
  return {
    ...(retryDelay === undefined ? {} : { initial_delay_seconds: retryDelay / 1000 }),
    ...(retryOn === undefined ? {} : { rules: retryOn }),
  };
}

/** Both options have one value (commander takes the second for the negation of the first), which keeps their order. */
function collect(retry: boolean): (value: string, previous?: readonly RetryRule[]) => RetryRule[] {
  return (value, previous = []) => [...previous, parseRule(value, retry)];
}

/** Ends by exit code, by signal or by end code, with commas between them. */
function parseRule(value: string, retry: boolean): RetryRule {
  const exitCodes: number[] = [];
  const signals: string[] = [];
  const codes: string[] = [];
  for (const word of value.split(',').map((text) => text.trim().toUpperCase())) {
    if (/^\d{1,3}$/.test(word) && Number(word) <= 255) exitCodes.push(Number(word));
    else if (!Number.isNaN(signalNumber(word))) signals.push(word);
    else if (Object.hasOwn(END_CODES, word) && word !== 'NONE') codes.push(word);
    else
      throw new InvalidArgumentError(`'${word}' is no exit code (75), signal (SIGKILL) or end code (OUT_OF_MEMORY).`);
  }
  return {
    ...(exitCodes.length === 0 ? {} : { exit_codes: exitCodes }),
    ...(signals.length === 0 ? {} : { signals }),
    ...(codes.length === 0 ? {} : { codes }),
    retry,
  };
}

import { readFileSync, statSync } from 'node:fs';

/** A token that can be guessed protects nothing. */
const MIN_LENGTH = 16;

export interface Token {
  value: string;
  /** Whether other accounts can read the file. */
  isExposed: boolean;
}

/**
 * Reads the bearer token: the file's text without white space around it.
 *
 * @throws {Error} with a sentence for the operator where there is no usable token
 */
export function readTokenFile(path: string): Token {
  let value: string;
  let mode: number;
  try {
    value = readFileSync(path, 'utf8').trim();
    mode = statSync(path).mode;
  } catch (error) {
    throw new Error(`the token file ${path} cannot be read: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
  if (value.length < MIN_LENGTH || /[^\x21-\x7e]/.test(value)) {
    throw new Error(`the token in ${path} must be at least ${MIN_LENGTH} printable ASCII characters without spaces`);
  }
  return { value, isExposed: (mode & 0o077) !== 0 };
}

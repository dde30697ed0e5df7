/** Words that `sh` takes for grammar where a command begins. */
const RESERVED_WORDS = new Set(
  '! { } [[ ]] case coproc do done elif else esac fi for function if in select then time until while'.split(' '),
);

const PLAIN = /^[A-Za-z0-9_@+:,./-]+$/;

/**
 * The command line for `/bin/sh -c`. One word is taken as a command line as it is; several are a program with its
 * arguments, each quoted so that `sh` hands it on unchanged.
 */
export function shellCommand(words: readonly string[]): string {
  const [only] = words;
  return words.length === 1 && only !== undefined ? only : words.map(quoteForShell).join(' ');
}

/** The word as `sh` reads it back unchanged; plain ones stay as they are. */
export function quoteForShell(word: string): string {
  if (PLAIN.test(word) && !RESERVED_WORDS.has(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}

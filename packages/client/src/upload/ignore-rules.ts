import { compileWildcard } from './wildcard.ts';

/** The rules of one `.gitignore`, or of one list of patterns in its grammar. */
export interface IgnoreRules {
  /**
   * What the last rule says that names the path; null where none does. A folder that is left out is not entered, so that
   * no rule brings back what is below it: that is the caller's part.
   *
   * @param path below the folder of the rules, with `/` between names and none at the ends
   */
  decide(path: string, isFolder: boolean): 'ignored' | 'kept' | null;
}

interface Rule {
  isNegated: boolean;
  isForFoldersOnly: boolean;
  /** Compares the name alone instead of the path. */
  isForNames: boolean;
  matches: (bytes: string) => boolean;
}

/** Reads gitignore(5)'s grammar, byte for byte as git does. */
export function parseIgnoreRules(content: Uint8Array | string): IgnoreRules {
  const text = toBytes(content).replace(/^\xef\xbb\xbf/, '');
  const rules = text.split('\n').flatMap((line) => parseRule(line) ?? []);
  return {
    decide(path, isFolder) {
      const bytes = toBytes(path);
      const name = bytes.slice(bytes.lastIndexOf('/') + 1);
      const rule = rules.findLast(
        (candidate) =>
          (isFolder || !candidate.isForFoldersOnly) && candidate.matches(candidate.isForNames ? name : bytes),
      );
      if (rule === undefined) return null;
      return rule.isNegated ? 'kept' : 'ignored';
    },
  };
}

function toBytes(text: Uint8Array | string): string {
  return Buffer.from(text).toString('latin1');
}

function parseRule(line: string): Rule | null {
  if (line === '' || line.startsWith('#')) return null;
  let pattern = withoutTrailingSpaces(line.replace(/\r$/, ''));
  const isNegated = pattern.startsWith('!');
  if (isNegated) pattern = pattern.slice(1);
  const isForFoldersOnly = pattern.endsWith('/');
  if (isForFoldersOnly) pattern = pattern.slice(0, -1);
  const isForNames = !pattern.includes('/');
  if (pattern.startsWith('/')) pattern = pattern.slice(1);
  const matches = compilePattern(pattern, isForNames);
  return matches && { isNegated, isForFoldersOnly, isForNames, matches };
}

/**
 * The literal beginning of a path is compared first, as git does it: what follows begins anew, so that two stars right
 * behind it stand at a beginning too.
 */
function compilePattern(pattern: string, isForNames: boolean): ((bytes: string) => boolean) | null {
  if (isForNames) return compileWildcard(pattern, false);
  const literal = /^[^*?[\\]*/.exec(pattern)?.[0] ?? '';
  const matchesRest = compileWildcard(pattern.slice(literal.length), true);
  return matchesRest && ((bytes) => bytes.startsWith(literal) && matchesRest(bytes.slice(literal.length)));
}

/** Spaces at the end count where a backslash stands in front of them. */
function withoutTrailingSpaces(line: string): string {
  return line.replace(/^((?:\\.|[^\\])*?) +$/s, '$1');
}

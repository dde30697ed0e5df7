/** Deeper than any sensible body, and far from what would overflow the stack when it is written out again. */
const MAX_DEPTH = 64;

/** In valid UTF-8 only an escape can write one half of a surrogate pair. */
const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;
const EXPECTED_TEXT = 'without unpaired surrogates, which UTF-8 cannot write';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a body as JSON in UTF-8 that can be stored and written out again as it was meant; `fault` names the place and what was
 * expected there.
 */
export function parseJson(bytes: Uint8Array): { value: unknown } | { fault: string } {
  try {
    const text = utf8.decode(bytes);
    const value: unknown = JSON.parse(text);
    if (isTooDeep(value)) return { fault: `body: expected at most ${MAX_DEPTH} levels` };
    const fault = SURROGATE_ESCAPE.test(text) ? findUnpairedSurrogate(value, '') : null;
    return fault === null ? { value } : { fault };
  } catch (error) {
    return { fault: `body: expected JSON in UTF-8: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Level by level, since a recursion would overflow the stack on what it is to find. */
function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return true;
    const below: unknown[] = [];
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue;
      for (const child of Object.values(item)) if (typeof child === 'object' && child !== null) below.push(child);
    }
    level = below;
  }
  return false;
}

/** Stored as UTF-8 they would all become the same character: other keys, and another text, than were given. */
function findUnpairedSurrogate(value: unknown, path: string): string | null {
  if (typeof value === 'string') {
    return value.isWellFormed() ? null : `${path || 'body'}: expected a string ${EXPECTED_TEXT}`;
  }
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, item] of Object.entries(value)) {
    if (!key.isWellFormed()) return `${path || 'body'}: expected keys ${EXPECTED_TEXT}`;
    const fault = findUnpairedSurrogate(item, childPath(path, key, Array.isArray(value)));
    if (fault !== null) return fault;
  }
  return null;
}

function childPath(path: string, key: string, isItem: boolean): string {
  if (isItem) return `${path}[${key}]`;
  return path === '' ? key : `${path}.${key}`;
}

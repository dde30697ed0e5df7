import type { JsonValue } from '../../job/job.ts';
import { accept, type Checked, hasControlCharacter, nameType, quote, refuse } from './checked.ts';

/**
 * Reads requirement strings, trimmed. They become lines of a requirements file, so whatever would make pip read a line as something
 * else than one requirement is refused.
 */
export function checkRequirements(items: readonly JsonValue[]): Checked<readonly string[]> {
  const requirements: string[] = [];
  const messages: string[] = [];
  for (const [index, item] of items.entries()) {
    const message = findProblem(item);
    if (message !== null) messages.push(`[${index}] ${message}`);
    else if (typeof item === 'string') requirements.push(item.trim());
  }
  return messages.length > 0 ? refuse(...messages) : accept(requirements);
}

/** Empty lines and comments: clients send the lines of a requirements file as they are. */
export function isBlankLine(item: JsonValue): boolean {
  return typeof item === 'string' && /^\s*(#.*)?$/.test(item);
}

function findProblem(item: JsonValue): string | null {
  if (typeof item !== 'string') return `must be a requirement string, not ${nameType(item)}`;
  const text = item.trim();
  if (text === '') return 'is empty: every entry names a requirement such as "numpy==1.24"';
  if (hasControlCharacter(text))
    return `${quote(text)} contains a line break or control character: one requirement each`;
  if (text.startsWith('-')) {
    return `${quote(text)} is an option of pip; only requirements are allowed, the server's operator sets the indexes`;
  }
  if (text.startsWith('#')) return `${quote(text)} is a comment, not a requirement`;
  if (text.endsWith('\\')) return `${quote(text)} ends with a backslash, which would join it with the next requirement`;
  return null;
}

import type { JsonObject, JsonValue } from '../../job/job.ts';

/** What came of checking one field: its value in one form, or what is wrong with it, in words. */
export type Checked<T> = { ok: true; value: T } | { ok: false; messages: readonly string[] };

export function accept<T>(value: T): Checked<T> {
  return { ok: true, value };
}

export function refuse(...messages: string[]): Checked<never> {
  return { ok: false, messages };
}

/** Null counts as absent: clients write it for a field that was left out. */
export function isAbsent(value: JsonValue | undefined): value is null | undefined {
  return value === undefined || value === null;
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a JSON value is, for messages: "an array", "a number". */
export function nameType(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

const QUOTED_LENGTH = 120;

/** A client's text for a message: control characters escaped, and cut where it is long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH)}…` : text);
}

/** Includes the separators that Python's `splitlines` takes for line breaks. */
export function hasControlCharacter(text: string): boolean {
  return /[\p{Cc}\u2028\u2029]/u.test(text.replaceAll('\t', ' '));
}

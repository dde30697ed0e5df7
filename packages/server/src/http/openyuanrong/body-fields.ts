import type { JsonObject, JsonValue } from '../../job/job.ts';
import { bindFailure } from './texts.ts';

/*
 * Readers of single fields, as the reference binds them: null counts as absent, and a wrong type is named with the field.
 * All throw `INVALID_BODY`.
 */

export function readText(body: JsonObject, field: string, path = field): string {
  const value = body[field] ?? '';
  if (typeof value !== 'string') throw expected(path, 'a string', value);
  // No program can be given one, and it would silently end the text there.
  if (value.includes('\0')) throw bindFailure(`${path}: expected a string without NUL characters`);
  return value;
}

/** A number that JSON can write and that means what it says: `1e999` becomes infinite. */
export function readNumber(body: JsonObject, field: string): number {
  return checkNumber(body[field] ?? 0, field);
}

export function readWholeNumber(body: JsonObject, field: string): number {
  const value = body[field] ?? 0;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw expected(field, 'an integer', value);
  if (!Number.isSafeInteger(value)) throw bindFailure(`${field}: expected an integer of at most 2^53 - 1`);
  return value;
}

export function readTextMap(body: JsonObject, field: string, path = field): Record<string, string> {
  return readMap(body[field] ?? {}, path, (value, at) => {
    if (typeof value !== 'string') throw expected(at, 'a string', value);
    return value;
  });
}

export function readAmounts(body: JsonObject, field: string): Record<string, number> {
  return readMap(body[field] ?? {}, field, (value, at) => {
    const amount = checkNumber(value, at);
    if (amount < 0) throw bindFailure(`${at}: expected a number of at least 0`);
    return amount;
  });
}

export function readObject(body: JsonObject, field: string): JsonObject {
  const value = body[field] ?? {};
  if (!isJsonObject(value)) throw expected(field, 'an object', value);
  return value;
}

export function readTexts(body: JsonObject, field: string, path: string): string[] {
  const value = body[field] ?? [];
  if (!Array.isArray(value)) throw expected(path, 'an array of strings', value);
  return value.map((item, index) => {
    if (typeof item !== 'string') throw expected(`${path}[${index}]`, 'a string', item);
    return item;
  });
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readMap<T>(value: JsonValue, path: string, read: (value: JsonValue, path: string) => T): Record<string, T> {
  if (!isJsonObject(value)) throw expected(path, 'an object', value);
  // fromEntries, since an assignment to the key __proto__ would be lost.
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, read(item, `${path}.${key}`)]));
}

function checkNumber(value: JsonValue, path: string): number {
  if (typeof value !== 'number') throw expected(path, 'a number', value);
  if (!Number.isFinite(value)) throw bindFailure(`${path}: expected a number that is not so large`);
  return value;
}

function expected(path: string, what: string, found: JsonValue) {
  return bindFailure(`${path}: expected ${what}, found ${nameType(found)}`);
}

function nameType(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

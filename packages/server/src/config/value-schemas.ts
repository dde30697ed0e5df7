import { z } from 'zod';
import { parseDurationMs, parseSizeBytes } from './units.ts';

/*
 * What a value may look like, the same for a file (where it can be a number or a list), a variable and a flag (where it
 * is text). A message completes the sentence "KEY must be …".
 */

type Schema<T> = z.ZodType<T, unknown>;

/** A schema from a function that answers `undefined` for what it does not take. */
function schemaOf<T>(expected: string, parse: (given: unknown) => T | undefined): Schema<T> {
  return z.unknown().transform((given, context): T => {
    const value = parse(given);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
}

/** Takes `word` and null for null, and everything else as `schema` does. */
function nullable<T>(word: string, schema: Schema<T>): Schema<T | null> {
  return z.unknown().transform((given, context): T | null => {
    if (given === null || given === word) return null;
    const parsed = schema.safeParse(given);
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message: `${parsed.error.issues[0]?.message}, or '${word}'` });
    return z.NEVER;
  });
}

/** Null means that there is no limit. */
export function orNone<T>(schema: Schema<T>): Schema<T | null> {
  return nullable('none', schema);
}

/** Null means that Drover looks for itself. */
export function orAuto<T>(schema: Schema<T>): Schema<T | null> {
  return nullable('auto', schema);
}

export const text = schemaOf('a text that is not empty', (given) => (isText(given) ? given : undefined));

export const toggle = schemaOf('true or false', (given) => {
  if (given === true || given === 'true' || given === '1') return true;
  if (given === false || given === 'false' || given === '0') return false;
  return undefined;
});

export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): Schema<number> {
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return schemaOf(`a whole number ${range}`, (given) => {
    const value = numberFrom(given);
    return value !== undefined && Number.isInteger(value) && value >= least && value <= most ? value : undefined;
  });
}

export const amount = schemaOf('a number above 0', (given) => {
  const value = numberFrom(given);
  return value !== undefined && value > 0 && Number.isFinite(value) ? value : undefined;
});

/** In milliseconds. */
export const duration = schemaOf("a duration with a unit, such as '10s', '5m' or '30d'", (given) => {
  if (given === 0) return 0;
  return isText(given) ? (parseDurationMs(given) ?? undefined) : undefined;
});

/** In bytes. */
export const size = schemaOf("a size of at least 1 byte, such as '20GiB' or '500MB'", (given) => {
  const bytes = typeof given === 'number' || isText(given) ? parseSizeBytes(String(given)) : null;
  return bytes !== null && bytes > 0 ? bytes : undefined;
});

export function oneOf<const T extends string>(words: readonly T[]): Schema<T> {
  const listed = words.map((word) => `'${word}'`).join(', ');
  return schemaOf(`one of ${listed}`, (given) => words.find((word) => word === given));
}

/** A list, or text with commas. */
export const list = schemaOf('a list, or text with commas', (given) => {
  const items = isText(given) ? given.split(',') : given;
  if (!Array.isArray(items)) return undefined;
  const texts = items.map((item) => (typeof item === 'number' ? String(item) : item));
  return texts.every((item) => typeof item === 'string') ? texts.map((item) => item.trim()).filter(isText) : undefined;
});

/** Device ids; `none` for a machine whose devices are not for jobs. */
export const deviceIds = schemaOf("a list of device ids such as '0,1', 'none'", (given) => {
  if (given === 'none') return [];
  const parsed = list.safeParse(given);
  if (!parsed.success || new Set(parsed.data).size !== parsed.data.length) return undefined;
  return parsed.data;
});

/** A mapping, or text such as `NPU=1,licence=2`. */
export const namedAmounts = schemaOf("amounts by name, such as 'NPU=1,licence=2'", (given) => {
  const pairs = isText(given) ? given.split(',').map(splitPair) : isMapping(given) ? Object.entries(given) : undefined;
  if (pairs === undefined) return undefined;
  const named: Record<string, number> = {};
  for (const [name, value] of pairs) {
    const parsed = amount.safeParse(value);
    if (name === '' || Object.hasOwn(named, name) || !parsed.success) return undefined;
    named[name] = parsed.data;
  }
  return named;
});

function splitPair(pair: string): [name: string, value: string] {
  const at = pair.indexOf('=');
  return at < 0 ? ['', ''] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
}

function numberFrom(given: unknown): number | undefined {
  if (typeof given === 'number') return given;
  return isText(given) && /^\d+(\.\d+)?$/.test(given.trim()) ? Number(given) : undefined;
}

function isText(given: unknown): given is string {
  return typeof given === 'string' && given.trim() !== '';
}

export function isMapping(given: unknown): given is Record<string, unknown> {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

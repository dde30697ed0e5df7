import fc from 'fast-check';
import type { JsonValue } from '../../src/job/job.ts';
import type { Schema } from './described-operations.ts';
import { CHOSEN_ONLY } from './harmless-values.ts';
import type { SchemaCheck } from './schema-check.ts';

const TEXTS = ['', ' ', '-1', '1.5', '1e3', '0x1', 'None', 'TRUE', 'maybe', 'pending', '.hidden', 'a b', 'a\nb', 'é'];
const PATTERNLESS = ['a b', '-', 'x'.repeat(300)];
const LONG_TEXTS = ['9'.repeat(20), 'x'.repeat(300)];

/** Texts that stand for no value of the schema, often right beyond its bounds; null where there is none. */
export function wrongTexts(schema: Schema, check: SchemaCheck): fc.Arbitrary<string> | null {
  const others = [...TEXTS, ...LONG_TEXTS].filter((text) => isWrong(text, schema, check));
  const some = [textsBeyond(schema, check), others].filter(({ length }) => length > 0);
  return some.length === 0 ? null : fc.oneof(...some.map((texts) => fc.constantFrom(...texts)));
}

/** Those right beyond its bounds. */
export function textsBeyond(schema: Schema, check: SchemaCheck): string[] {
  return beyond(itemOf(schema))
    .map(String)
    .filter((text) => isWrong(text, schema, check));
}

/** Values of which a schema allows few, often right beyond its bounds. @param name of the field that is to have them */
export function oddValues(name: string, schema: Schema): fc.Arbitrary<JsonValue> {
  const edges = valuesBeyond(schema);
  const others = CHOSEN_ONLY.includes(name) ? HARMLESS_VALUES : fc.oneof(HARMLESS_VALUES, ANY_VALUES);
  return edges.length === 0 ? others : fc.oneof(fc.constantFrom(...edges), others);
}

/** Values that a schema allows no more. */
export function valuesBeyond(schema: Schema): JsonValue[] {
  return [...beyond(schema), ...(schema.pattern === undefined ? [] : PATTERNLESS)];
}

/** No command that would run, no number of jobs, no address that would be asked. */
const HARMLESS_VALUES = fc.constantFrom<JsonValue>(null, true, 0, -1, 1.5, 1e300, '', 'a\0b', [], {}, [null], {
  a: 1,
});

const ANY_VALUES = (fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>).map(withoutInstaller);

function beyond({ anyOf = [], minimum, maximum, maxLength }: Schema): (number | string)[] {
  return [
    ...(minimum === undefined ? [] : [minimum - 1]),
    ...(maximum === undefined ? [] : [maximum + 1]),
    ...(maxLength === undefined ? [] : ['x'.repeat(maxLength + 1)]),
    ...anyOf.flatMap(beyond),
  ];
}

function itemOf(schema: Schema): Schema {
  return schema.type === 'array' ? (schema.items ?? {}) : schema;
}

function isWrong(text: string, schema: Schema, check: SchemaCheck): boolean {
  return meanings(text).every((value) => check(itemOf(schema), value) !== null);
}

/** What a text can stand for in a query. Booleans may be written as numbers too, and as nothing. */
function meanings(text: string): unknown[] {
  const isNumber = /^-?\d+(\.\d+)?$/.test(text);
  return [text, ...(isNumber ? [Number(text)] : []), ...(/^(true|false|0|1|)$/.test(text) ? [true] : [])];
}

/** Nothing is installed. */
function withoutInstaller(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'pip' && key !== 'uv' && key !== 'conda'));
}

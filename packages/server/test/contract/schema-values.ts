import fc from 'fast-check';
import type { JsonValue } from '../../src/job/job.ts';
import type { DescribedApi, Schema } from './described-operations.ts';

function listOf(items: fc.Arbitrary<JsonValue>, least = 0, most = LONGEST_LIST): fc.Arbitrary<JsonValue[]> {
  const short = fc.array(items, { minLength: least, maxLength: Math.min(most, LONGEST_LIST) });
  const full = fc.array(items, { minLength: most, maxLength: most });
  return fc.oneof({ weight: 5, arbitrary: short }, { weight: 1, arbitrary: full });
}

/** Makes values that a schema allows. */
export type ValueMaker = (schema: Schema) => fc.Arbitrary<JsonValue>;

/** Every code point but halves of surrogate pairs: what UTF-8 can write. */
const text = (lengths: { minLength?: number; maxLength?: number }) => fc.string({ unit: 'binary', ...lengths });

const UNUSUAL_TEXT = ' é\t𝄞';

const LONGEST_TEXT = 64;
/** Between those of the API and that of a request line. */
const LONGEST_TEXT_TRIED = 1_000;
const LONGEST_LIST = 4;

/** Mostly small, sometimes anywhere in the bounds or at one of them. */
function numberBetween(least: number, most: number, any: fc.Arbitrary<number>): fc.Arbitrary<number> {
  const small = fc.integer({ min: Math.ceil(least), max: Math.floor(Math.min(most, least + 20)) });
  return fc.oneof(
    { weight: 4, arbitrary: small },
    { weight: 1, arbitrary: any },
    { weight: 1, arbitrary: fc.constantFrom(least, most) },
  );
}

export function createValueMaker({ resolve }: DescribedApi): ValueMaker {
  function objectOf({
    properties = {},
    required = [],
    minProperties = 0,
    additionalProperties = true,
  }: Schema): fc.Arbitrary<JsonValue> {
    const named = Object.entries(properties);
    if (named.length > 0) {
      const fields = Object.fromEntries(named.map(([name, each]) => [name, valuesOf(each)]));
      return fc
        .record(fields, { requiredKeys: required })
        .filter((value) => Object.keys(value).length >= minProperties);
    }
    if (additionalProperties === false) return fc.constant({});
    const value = additionalProperties === true ? fc.jsonValue({ maxDepth: 2 }) : valuesOf(additionalProperties);
    return fc.dictionary(text({ maxLength: 12 }), value as fc.Arbitrary<JsonValue>, { maxKeys: LONGEST_LIST });
  }

  function textOf({ pattern, format, minLength = 0, maxLength = LONGEST_TEXT }: Schema): fc.Arbitrary<string> {
    if (format === 'date-time') {
      const years = { min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true };
      return fc.date(years).map((date) => date.toISOString());
    }
    const lengths = { minLength, maxLength: Math.min(maxLength, minLength + LONGEST_TEXT) };
    const rule = new RegExp(pattern ?? '', 'u');
    if (!rule.test(UNUSUAL_TEXT)) return fc.stringMatching(rule);
    // A rule that most texts keep is better tried with those. JSON Schema counts characters, whatever they take.
    const longest = fc.constant('𝄞'.repeat(Math.min(maxLength, LONGEST_TEXT_TRIED)));
    const any = text(lengths).filter((each) => rule.test(each));
    return fc.oneof({ weight: 5, arbitrary: any }, { weight: 1, arbitrary: longest });
  }

  function valuesOf(given: Schema): fc.Arbitrary<JsonValue> {
    const schema = resolve(given);
    if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(valuesOf));
    if (schema.const !== undefined) return fc.constant(schema.const as JsonValue);
    if (schema.enum !== undefined) return fc.constantFrom(...(schema.enum as JsonValue[]));
    const { minimum: least = 0 } = schema;
    switch (schema.type) {
      case 'string':
        return textOf(schema);
      case 'integer': {
        const { maximum: most = Number.MAX_SAFE_INTEGER } = schema;
        return numberBetween(least, most, fc.integer({ min: least, max: most }));
      }
      case 'number': {
        const { maximum: most = Number.MAX_VALUE } = schema;
        return numberBetween(least, most, fc.double({ min: least, max: most, noNaN: true }));
      }
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      case 'array':
        return listOf(valuesOf(schema.items ?? {}), schema.minItems, schema.maxItems);
      case 'object':
        return objectOf(schema);
      default:
        return fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>;
    }
  }

  return valuesOf;
}

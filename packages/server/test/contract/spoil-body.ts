import fc from 'fast-check';
import type { JsonObject } from '../../src/job/job.ts';
import type { DescribedApi, Schema } from './described-operations.ts';
import type { Draft } from './draft.ts';
import type { SchemaCheck } from './schema-check.ts';
import { UNKNOWN_NAMES } from './unknown-names.ts';
import { oddValues } from './wrong-values.ts';

const JSON_TYPE = 'application/json';
const OTHER_TYPES = ['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=latin1', null];
const NO_OBJECTS = ['{', '[1', 'nul', '{"a":"\\ud800"}', '[]', '1', `${'['.repeat(100)}${']'.repeat(100)}`];

/** Ways to send what is no body in JSON at all. */
export function spoilBody(draft: Draft): fc.Arbitrary<Draft>[] {
  const { body, operation } = draft;
  if (body === null || operation.requestBody?.content[JSON_TYPE] === undefined) return [];
  const withBody = (type: string | null, bytes: Buffer, flaw: string) => ({ ...draft, body: { type, bytes }, flaw });
  const missing = fc.constant({ ...draft, body: null, flaw: 'no body' });
  return [
    fc.constantFrom(...OTHER_TYPES).map((type) => withBody(type, body.bytes, `declared as ${type}`)),
    fc.constantFrom(...NO_OBJECTS).map((text) => withBody(JSON_TYPE, Buffer.from(text), 'no object')),
    fc.constant(withBody(JSON_TYPE, Buffer.from([0x22, 0xff, 0x22]), 'no UTF-8')),
    ...(operation.requestBody.required ? [missing] : []),
  ];
}

/** Ways to change one field of a body. The outcome may be right by chance, and says so. */
export function spoilField(draft: Draft, api: DescribedApi, check: SchemaCheck): fc.Arbitrary<Draft>[] {
  const { body, operation } = draft;
  const schema = operation.requestBody?.content[JSON_TYPE]?.schema;
  if (body === null || schema === undefined) return [];
  const value: JsonObject = JSON.parse(body.bytes.toString());
  return [
    near(value, schema, api).map((changed) => ({
      ...{ ...draft, body: { type: JSON_TYPE, bytes: Buffer.from(JSON.stringify(changed)) } },
      flaw: check(schema, changed),
    })),
  ];
}

/** The body with one field left out, added or changed, at any depth. */
function near(value: JsonObject, schema: Schema, api: DescribedApi): fc.Arbitrary<JsonObject> {
  const added = UNKNOWN_NAMES.map((name): JsonObject => ({ ...value, [name]: 1 }));
  const changed = Object.entries(api.resolve(schema).properties ?? {}).flatMap(([name, each]) => {
    const { [name]: inside, ...without } = value;
    const below = api.resolve(each);
    const replaced = oddValues(name, below).map((odd): JsonObject => ({ ...value, [name]: odd }));
    const leftOut = fc.constant<JsonObject>(without);
    if (below.properties === undefined || !isObject(inside)) return [leftOut, replaced];
    return [leftOut, replaced, near(inside, below, api).map((odd): JsonObject => ({ ...value, [name]: odd }))];
  });
  return fc.oneof(added, ...changed);
}

function isObject(value: JsonObject[string] | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

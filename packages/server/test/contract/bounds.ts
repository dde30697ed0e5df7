import type { JsonObject, JsonValue } from '../../src/job/job.ts';
import type { DescribedApi, Schema } from './described-operations.ts';
import type { Draft } from './draft.ts';
import type { SchemaCheck } from './schema-check.ts';
import { textsBeyond, valuesBeyond } from './wrong-values.ts';

/** What is needed of a request, once for each bound that the document states, with a value right beyond it. */
export function requestsBeyondBounds(whole: Draft, api: DescribedApi, check: SchemaCheck): Draft[] {
  const { operation, body } = whole;
  const isNeeded = (name: string) => operation.parameters.some((each) => each.name === name && each.required);
  const query = whole.query.filter(([name]) => isNeeded(name));
  const draft = { ...whole, headers: {}, query };
  const beyondInQuery = operation.parameters
    .filter((parameter) => parameter.in === 'query')
    .flatMap(({ name, schema }) =>
      textsBeyond(schema, check).map((text) => ({
        ...{ ...draft, flaw: `${name}=${text}` },
        query: [...query.filter(([given]) => given !== name), [name, text] as const],
      })),
    );
  const schema = operation.requestBody?.content['application/json']?.schema;
  if (schema === undefined || body === null) return beyondInQuery;
  const { required = [] } = api.resolve(schema);
  const fields = Object.entries<JsonValue>(JSON.parse(body.bytes.toString()));
  const value: JsonObject = Object.fromEntries(fields.filter(([name]) => required.includes(name)));
  const beyondInBody = bodiesBeyond(value, schema, api)
    .map((changed) => ({ changed, flaw: check(schema, changed) }))
    .filter(({ flaw }) => flaw !== null)
    .map(({ changed, flaw }) => ({
      ...{ ...draft, flaw, body: { type: 'application/json', bytes: Buffer.from(JSON.stringify(changed)) } },
    }));
  return [...beyondInQuery, ...beyondInBody];
}

function bodiesBeyond(value: JsonObject, schema: Schema, api: DescribedApi): JsonObject[] {
  return Object.entries(api.resolve(schema).properties ?? {}).flatMap(([name, each]) => {
    const inside = api.resolve(each);
    if (inside.properties !== undefined) {
      return bodiesBeyond({}, inside, api).map((changed) => ({ ...value, [name]: changed }));
    }
    return valuesBeyond(inside).map((odd) => ({ ...value, [name]: odd }));
  });
}

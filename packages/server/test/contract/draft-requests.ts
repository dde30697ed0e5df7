import fc from 'fast-check';
import type { JsonValue } from '../../src/job/job.ts';
import type { DescribedApi, DescribedOperation, DescribedParameter, Schema } from './described-operations.ts';
import type { Draft } from './draft.ts';
import { chosenField, chosenParameter, type Known } from './harmless-values.ts';
import type { SchemaCheck } from './schema-check.ts';
import { createValueMaker } from './schema-values.ts';

export type DraftMaker = (operation: DescribedOperation) => fc.Arbitrary<Draft>;

type Pairs = [name: string, text: string][];

/** Makes requests that the document allows. */
export function createDraftMaker(api: DescribedApi, check: SchemaCheck, known: Known): DraftMaker {
  const valuesOf = createValueMaker(api);

  function pairsOf(path: string, { name, in: place, explode, schema }: DescribedParameter): fc.Arbitrary<Pairs> {
    if (explode) {
      const keys = fc.constantFrom(`${name}.owner`, `${name}.stage`, `${name}.`, `${name}.__proto__`);
      return fc
        .dictionary(keys, fc.string({ unit: 'binary', maxLength: 8 }), { maxKeys: 3 })
        .map(Object.entries<string>);
    }
    const value = valuesOf(schema);
    if (schema.type === 'array') {
      return value.map((items) =>
        Array.isArray(items) ? items.map((item): [string, string] => [name, String(item)]) : [],
      );
    }
    const text = place === 'header' ? headerText(value.map(String), schema) : value.map(String);
    return (chosenParameter(path, name, text, known) ?? text).map((each): Pairs => [[name, each]]);
  }

  function parametersOf(
    { path, parameters }: DescribedOperation,
    place: DescribedParameter['in'],
  ): fc.Arbitrary<Pairs> {
    const wanted = parameters
      .filter((parameter) => parameter.in === place)
      .map((parameter) => {
        const given = pairsOf(path, parameter);
        // Without a timeout the test would wait as long as the server does.
        return parameter.required || parameter.name === 'timeout' ? given : fc.oneof(fc.constant<Pairs>([]), given);
      });
    return fc.tuple(...wanted).map((all) => all.flat());
  }

  function bodyOf(schema: Schema): fc.Arbitrary<JsonValue> {
    const { properties = {}, required = [] } = api.resolve(schema);
    const fields = Object.entries(properties).map(([name, each]): [string, fc.Arbitrary<JsonValue>] => {
      const nested = api.resolve(each).properties === undefined ? valuesOf(each) : bodyOf(each);
      return [name, chosenField(name, nested, known) ?? nested];
    });
    return fc.record(Object.fromEntries(fields), { requiredKeys: required });
  }

  function requestBodyOf({ requestBody }: DescribedOperation): fc.Arbitrary<Draft['body']> {
    if (requestBody === undefined) return fc.constant(null);
    const bodies = Object.entries(requestBody.content).map(([type, { schema }]) =>
      type === 'application/json'
        ? // Each field is possible, and all of them together may be not.
          bodyOf(schema)
            .filter((value) => check(schema, value) === null)
            .map((value) => ({ type, bytes: Buffer.from(JSON.stringify(value)) }))
        : fc.uint8Array({ maxLength: 2_000 }).map((bytes) => ({ type, bytes: Buffer.from(bytes) })),
    );
    const body = fc.oneof(...bodies);
    return requestBody.required ? body : fc.oneof(fc.constant(null), body);
  }

  return (operation) => {
    const types = Object.keys(operation.responses['200']?.content ?? {});
    return fc
      .record({
        path: parametersOf(operation, 'path'),
        query: parametersOf(operation, 'query'),
        headers: parametersOf(operation, 'header'),
        accept: fc.constantFrom(null, '*/*', ...types),
        body: requestBodyOf(operation),
      })
      .map(({ path, query, headers, accept, body }) => ({
        operation,
        path: Object.fromEntries(path),
        query,
        headers: { ...Object.fromEntries(headers), ...(accept === null ? {} : { Accept: accept }) },
        body,
        flaw: null,
      }))
      .map(keepRulesInWords)
      .map((draft) => (operation.parameters.some(({ name }) => name === 'all') ? meaningSomebody(draft) : draft));
  };
}

/** What can stand in a header: visible characters, and spaces between them. */
function headerText(texts: fc.Arbitrary<string>, { pattern }: Schema): fc.Arbitrary<string> {
  const visible = /^[!-~]([ -~]{0,30}[!-~])?$/;
  return pattern === undefined ? fc.stringMatching(visible) : texts.filter((text) => visible.test(text));
}

/** What the document says in words only: which parameters are not possible beside another. */
const IMPOSSIBLE_BESIDE: Readonly<Record<string, readonly string[]>> = {
  tail: ['offset'],
  cursor: ['sort'],
  attempt: ['follow'],
};

function keepRulesInWords(draft: Draft): Draft {
  const names = draft.query.map(([name]) => name);
  const impossible = names.flatMap((name) => IMPOSSIBLE_BESIDE[name] ?? []);
  const query = draft.query.filter(([name]) => !impossible.includes(name));
  // The output of one attempt is not told as events.
  const headers = names.includes('attempt') ? { ...draft.headers, Accept: '*/*' } : draft.headers;
  return { ...draft, query, headers };
}

/** ... and what is done to many jobs needs a filter, or `all`. */
function meaningSomebody(draft: Draft): Draft {
  const filters = draft.query.filter(([name, text]) => name !== 'all' && !(name === 'q' && text === ''));
  return filters.length > 0 ? draft : { ...draft, query: [['all', 'true']] };
}

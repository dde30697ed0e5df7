import fc from 'fast-check';
import type { DescribedApi } from './described-operations.ts';
import type { Draft } from './draft.ts';
import type { SchemaCheck } from './schema-check.ts';
import { spoilBody, spoilField } from './spoil-body.ts';
import { UNKNOWN_NAMES } from './unknown-names.ts';
import { wrongTexts } from './wrong-values.ts';

const STRANGERS: Record<string, string>[] = [
  { Host: 'evil.example' },
  { Origin: 'http://evil.example' },
  { 'Sec-Fetch-Site': 'cross-site' },
];

/** Makes one thing about a request wrong, and says what; or leaves it right where the document allows the outcome. */
export function createSpoiler(api: DescribedApi, check: SchemaCheck): (draft: Draft) => fc.Arbitrary<Draft> {
  function spoilQuery(draft: Draft): fc.Arbitrary<Draft>[] {
    const { operation, query } = draft;
    const known = operation.parameters.filter((parameter) => parameter.in === 'query' && !parameter.explode);
    const wrong = known.flatMap(({ name, schema }) => {
      const others = query.filter(([given]) => given !== name);
      const texts = wrongTexts(schema, check);
      if (texts === null) return [];
      return [texts.map((text) => ({ ...draft, query: [...others, [name, text] as const], flaw: `${name}=${text}` }))];
    });
    const repeated = query
      .filter(([name]) => known.some((each) => each.name === name && each.schema.type !== 'array'))
      .map((pair) => fc.constant({ ...draft, query: [...query, pair], flaw: `${pair[0]} twice` }));
    const tooMany = known.flatMap(({ name, schema: { items = {}, maxItems } }) => {
      const [value] = api.resolve(items).enum ?? [];
      if (maxItems === undefined || value === undefined) return [];
      const pairs = Array.from({ length: maxItems + 1 }, () => [name, String(value)] as const);
      return [fc.constant({ ...draft, query: pairs, flaw: `${name} too often` })];
    });
    const unknown = UNKNOWN_NAMES.filter((name) => operation.parameters.every((each) => each.name !== name)).map(
      (name) => ({ ...draft, query: [...query, [name, '1'] as const], flaw: `unknown parameter ${name}` }),
    );
    return [...wrong, ...repeated, ...tooMany, unknown];
  }

  function spoilPlace(draft: Draft, place: 'path' | 'header', spoilt: (name: string, text: string) => Draft) {
    return draft.operation.parameters
      .filter((parameter) => parameter.in === place && parameter.schema.pattern !== undefined)
      .flatMap(({ name, schema }) => {
        // Without a text it would be another path, and as good as no header.
        const texts = wrongTexts(schema, check)?.filter((text) => text.trim() !== '' && isPossibleIn(place, text));
        return texts === undefined ? [] : [texts.map((text) => spoilt(name, text))];
      });
  }

  return (draft) => {
    const { path, headers } = draft;
    const kinds = [
      spoilQuery(draft),
      spoilPlace(draft, 'path', (name, text) => ({ ...draft, path: { ...path, [name]: text }, flaw: `path ${text}` })),
      spoilPlace(draft, 'header', (name, text) => ({
        ...{ ...draft, headers: { ...headers, [name]: text }, flaw: `${name}: ${text}` },
      })),
      spoilBody(draft),
      spoilField(draft, api, check),
      STRANGERS.map((stranger) => fc.constant({ ...draft, headers: { ...headers, ...stranger }, flaw: 'a stranger' })),
    ];
    return fc.oneof(...kinds.filter(({ length }) => length > 0).map((kind) => fc.oneof(...kind)));
  };
}

function isPossibleIn(place: 'path' | 'header', text: string): boolean {
  return place === 'path' || !text.includes('\n');
}

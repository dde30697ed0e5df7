import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createListSplitter } from '../../../../src/engine/slurm/client/rest/split-list.ts';

function split(text: string, sizes: readonly number[]): { objects: unknown[]; rest: string } {
  const bytes = Buffer.from(text);
  const splitter = createListSplitter('jobs');
  const objects: unknown[] = [];
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    for (const one of splitter.take(bytes.subarray(at, at + size))) objects.push(JSON.parse(one.toString('utf8')));
    at += size;
  }
  return { objects, rest: splitter.rest() };
}

const object = fc.dictionary(fc.string(), fc.jsonValue());
const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 });

it('cuts any list into its objects, wherever the pieces of the answer end', () => {
  fc.assert(
    fc.property(fc.array(object), object, fc.nat({ max: 2 }), sizes, (jobs, meta, indent, pieces) => {
      const { objects, rest } = split(
        JSON.stringify({ meta: { text: meta.x ?? 1 }, errors: [], jobs }, null, indent),
        pieces,
      );
      expect(objects).toEqual(JSON.parse(JSON.stringify(jobs)));
      expect(JSON.parse(rest.replace(/\s*,/g, ','))).toMatchObject({ errors: [] });
    }),
  );
});

it('leaves an answer without the list as it is', () => {
  const text = '{"errors":[{"error_number":2017}]}';
  expect(split(text, [7])).toEqual({ objects: [], rest: text });
});

import { expect, it } from 'vitest';
import type { ResolvedAddress } from '../../src/outbound/resolve-host.ts';
import { createSeldomResolve } from '../../src/outbound/resolve-seldom.ts';

/** Names that the test resolves, in the order in which they were looked up. */
function scene() {
  let nowMs = 0;
  const asked: string[] = [];
  const answers: PromiseWithResolvers<ResolvedAddress[]>[] = [];
  const resolve = createSeldomResolve(
    (name) => {
      asked.push(name);
      const answer = Promise.withResolvers<ResolvedAddress[]>();
      answers.push(answer);
      return answer.promise;
    },
    1_000,
    () => nowMs,
  );
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { resolve, asked, answers, pass };
}

const ADDRESSES = [{ address: '8.8.8.8', family: 4 }];

it('a name is looked up once for all who ask, and again when that was long ago', async () => {
  const { resolve, asked, answers, pass } = scene();
  const both = [resolve('a.test'), resolve('a.test')];
  await expect.poll(() => asked).toEqual(['a.test']);
  // However long it takes.
  pass(5_000);
  both.push(resolve('a.test'));
  answers[0]?.resolve(ADDRESSES);
  expect(await Promise.all(both)).toEqual([ADDRESSES, ADDRESSES, ADDRESSES]);
  pass(999);
  await resolve('a.test');
  expect(asked).toEqual(['a.test']);
  pass(1);
  const later = resolve('a.test');
  await expect.poll(() => asked).toEqual(['a.test', 'a.test']);
  answers[1]?.reject(new Error('no such name'));
  await expect(later).rejects.toThrow('no such name');
  await expect(resolve('a.test')).rejects.toThrow('no such name');
  expect(asked).toHaveLength(2);
});

it('two names are looked up at a time', async () => {
  const { resolve, asked, answers } = scene();
  const names = ['a.test', 'b.test', 'c.test'].map((name) => resolve(name));
  await expect.poll(() => asked).toEqual(['a.test', 'b.test']);
  answers[1]?.resolve(ADDRESSES);
  await names[1];
  await expect.poll(() => asked).toEqual(['a.test', 'b.test', 'c.test']);
  for (const answer of answers) answer.resolve(ADDRESSES);
  expect(await Promise.all(names)).toHaveLength(3);
});

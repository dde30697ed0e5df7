import { expect, test } from 'vitest';
import { sampleJob } from '../sample-jobs.ts';
import { type OpenStore, storesOf } from './open-store.ts';

export function describeSimilarIds(open: OpenStore): void {
  const openStore = storesOf(open);

  test.each([
    ['a wrong letter', 'train-resnat-01'],
    ['a missing letter', 'train-rsnet-01'],
    ['a letter too many', 'ttrain-resnet-01'],
    ['two letters swapped', 'rtain-resnet-01'],
    ['a wrong first letter', 'brain-resnet-01'],
    ['another case', 'Train-ResNet-01'],
    ['a lost end', 'train-resn'],
    ['something behind', 'train-resnet-01.log'],
  ])('%s still finds the id', async (_, asked) => {
    const store = await openStore();
    for (const id of ['train-resnet-01', 'evaluate', 'zz-other', 'x']) await store.insert(sampleJob(id));
    expect(await store.similarIds(asked, 3)).toEqual(['train-resnet-01']);
  });

  test('a slip at any place is found among thousands that begin alike', async () => {
    const store = await openStore();
    // A small generator with a fixed seed: ids that look random and are the same in every run.
    let state = 42;
    const nextHex = () => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return state.toString(16).padStart(8, '0');
    };
    const ids = Array.from({ length: 5000 }, () => `app-${nextHex()}-${nextHex()}`);
    await Promise.all(ids.map((id) => store.insert(sampleJob(id))));
    const [id = ''] = ids.slice(1234);
    for (let place = 0; place < id.length; place++) {
      expect(await store.similarIds(`${id.slice(0, place)}x${id.slice(place + 1)}`, 3)).toContain(id);
      expect(await store.similarIds(id.slice(0, place) + id.slice(place + 1), 3)).toContain(id);
    }
  });

  test('the nearest comes first, no more than asked for, never the id itself', async () => {
    const store = await openStore();
    for (const id of ['night-1', 'night-12', 'night-2', 'night-345', 'day']) await store.insert(sampleJob(id));
    const similar = await store.similarIds('night-1', 10);
    expect(similar).not.toContain('night-1');
    expect(similar.slice(0, 2).sort()).toEqual(['night-12', 'night-2']);
    expect(similar).not.toContain('day');
    expect(await store.similarIds('night-1', 1)).toHaveLength(1);
  });

  test('nothing is like nothing', async () => {
    const store = await openStore();
    expect(await store.similarIds('anything', 3)).toEqual([]);
    await store.insert(sampleJob('abc'));
    expect(await store.similarIds('xyz-123', 3)).toEqual([]);
    expect(await store.similarIds('', 3)).toEqual([]);
    expect(await store.similarIds('y'.repeat(10_000), 3)).toEqual([]);
  });
}

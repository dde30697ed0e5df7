import { describe, expect, it } from 'vitest';
import { createRecentMap } from '../../src/caching/recent-map.ts';

describe('a map of recent entries', () => {
  it('names the one that was used longest ago', () => {
    const map = createRecentMap<number>(0);
    map.set('a', 1);
    map.set('b', 2);
    map.set('c', 3);
    expect(map.oldest()).toEqual({ key: 'a', value: 1 });
    expect(map.get('a')).toBe(1);
    expect(map.oldest()).toEqual({ key: 'b', value: 2 });
    map.set('b', 4);
    expect(map.oldest()).toEqual({ key: 'c', value: 3 });
    map.delete('c');
    expect([map.size, map.get('c')]).toEqual([2, undefined]);
  });

  it('lets a use pass where few others were put in since', () => {
    const map = createRecentMap<number>(1);
    map.set('a', 1);
    map.set('b', 2);
    map.get('a');
    expect(map.oldest()?.key).toBe('a');
    map.set('c', 3);
    map.get('a');
    expect(map.oldest()?.key).toBe('b');
  });

  it('replaces what is there, and only that', () => {
    const map = createRecentMap<number>(0);
    map.set('a', 1);
    map.set('b', 2);
    map.replace('a', 5);
    map.replace('x', 9);
    expect(map.oldest()).toEqual({ key: 'a', value: 5 });
    expect(map.get('x')).toBeUndefined();
  });
});

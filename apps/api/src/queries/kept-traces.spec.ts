import { describe, expect, it } from '@jest/globals';
import { KeptTraces } from './kept-traces.js';

const at = (publishedSize: number, generation = 1) => ({ publishedSize, generation });

describe('kept traces', () => {
  it('are the same until the next publication, and computed anew after it', () => {
    const kept = new KeptTraces<string>();
    kept.keep('a', at(10), 'before');
    expect(kept.get('a', at(10))).toBe('before');
    expect(kept.get('a', at(11))).toBeUndefined();
    expect(kept.get('b', at(10))).toBeUndefined();
    kept.keep('a', at(11), 'after');
    expect(kept.get('a', at(11))).toBe('after');
  });

  it('are not told on after somebody was erased, even where nothing is published for long', () => {
    const kept = new KeptTraces<string>();
    kept.keep('a', at(10, 1), 'before');
    expect(kept.get('a', at(10, 2))).toBeUndefined();
    kept.keep('a', at(10, 2), 'after');
    expect(kept.get('a', at(10, 2))).toBe('after');
  });

  it('are not kept while nothing is published: there would be nothing that ends it', () => {
    const kept = new KeptTraces<string>();
    kept.keep('a', at(0), 'now');
    expect(kept.get('a', at(0))).toBeUndefined();
  });

  it('are so many at most, the newest', () => {
    const kept = new KeptTraces<number>();
    for (let i = 0; i < 2_001; i += 1) kept.keep(`gift ${i}`, at(5), i);
    const found = ['gift 0', 'gift 1', 'gift 2000'].map((gift) => kept.get(gift, at(5)));
    expect(found).toEqual([undefined, 1, 2_000]);
  });
});

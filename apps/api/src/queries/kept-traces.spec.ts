import { describe, expect, it } from '@jest/globals';
import { KeptTraces } from './kept-traces.js';

/** An answer of read models that have counted enough. */
const answer = (called: string) => ({ called, asOf: 100 });

describe('kept traces', () => {
  it('are the same until the next publication, and computed anew after it', () => {
    const kept = new KeptTraces<{ readonly asOf: number }>();
    const [before, after] = [answer('before'), answer('after')];
    kept.keep('a', 10, before);
    expect(kept.get('a', 10)).toBe(before);
    expect(kept.get('a', 11)).toBeUndefined();
    expect(kept.get('b', 10)).toBeUndefined();
    kept.keep('a', 11, after);
    expect(kept.get('a', 11)).toBe(after);
  });

  it('are not kept while the read models have not counted what is published', () => {
    const kept = new KeptTraces<{ readonly asOf: number }>();
    kept.keep('a', 101, answer('of less'));
    expect(kept.get('a', 101)).toBeUndefined();
    kept.keep('a', 100, answer('of all'));
    expect(kept.get('a', 100)).toBeDefined();
  });

  it('are not kept while nothing is published: there would be nothing that ends it', () => {
    const kept = new KeptTraces<{ readonly asOf: number }>();
    kept.keep('a', 0, answer('now'));
    expect(kept.get('a', 0)).toBeUndefined();
  });

  it('are no older than a quarter of an hour, whatever is published', () => {
    let now = 0;
    const kept = new KeptTraces<{ readonly asOf: number }>(() => now);
    kept.keep('a', 10, answer('before'));
    now = 15 * 60_000;
    expect(kept.get('a', 10)).toBeDefined();
    now += 1;
    expect(kept.get('a', 10)).toBeUndefined();
  });

  it('are so many at most, the newest', () => {
    const kept = new KeptTraces<{ readonly asOf: number }>();
    for (let i = 0; i < 2_001; i += 1) kept.keep(`gift ${i}`, 5, { asOf: i + 5 });
    const asOf = ['gift 0', 'gift 1', 'gift 2000'].map((gift) => kept.get(gift, 5)?.asOf);
    expect(asOf).toEqual([undefined, 6, 2_005]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { KeptTraces } from './kept-traces.js';

describe('kept traces', () => {
  it('are the same until the next publication, and computed anew after it', () => {
    const kept = new KeptTraces<string>();
    kept.keep('a', 10, 'before');
    expect(kept.get('a', 10)).toBe('before');
    expect(kept.get('a', 11)).toBeUndefined();
    expect(kept.get('b', 10)).toBeUndefined();
    kept.keep('a', 11, 'after');
    expect(kept.get('a', 11)).toBe('after');
  });

  it('are not kept while nothing is published: there would be nothing that ends it', () => {
    const kept = new KeptTraces<string>();
    kept.keep('a', 0, 'now');
    expect(kept.get('a', 0)).toBeUndefined();
  });

  it('are no older than a quarter of an hour, whatever is published', () => {
    let now = 0;
    const kept = new KeptTraces<string>(() => now);
    kept.keep('a', 10, 'before');
    now = 15 * 60_000;
    expect(kept.get('a', 10)).toBe('before');
    now += 1;
    expect(kept.get('a', 10)).toBeUndefined();
  });

  it('are so many at most, the newest', () => {
    const kept = new KeptTraces<number>();
    for (let i = 0; i < 2_001; i += 1) kept.keep(`gift ${i}`, 5, i);
    expect([kept.get('gift 0', 5), kept.get('gift 1', 5), kept.get('gift 2000', 5)]).toEqual([undefined, 1, 2_000]);
  });
});

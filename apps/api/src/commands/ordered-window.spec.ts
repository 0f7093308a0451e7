import { describe, expect, it } from '@jest/globals';
import { orderedWindow } from './ordered-window.js';

async function* numbers(count: number, taken?: (n: number) => void) {
  for (let n = 0; n < count; n += 1) {
    taken?.(n);
    yield n;
  }
}

async function collect<T>(results: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const result of results) all.push(result);
  return all;
}

describe('a window of work', () => {
  it('gives results in the order of the items, however they finish', async () => {
    const work = async (n: number) => {
      for (let turn = 0; turn < (n % 2 === 0 ? 5 : 0); turn += 1) await Promise.resolve();
      return n;
    };
    expect(await collect(orderedWindow(numbers(20), work, 4))).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  it('never works on more than its width', async () => {
    let running = 0;
    let most = 0;
    const work = async (n: number) => {
      most = Math.max(most, (running += 1));
      await new Promise(setImmediate);
      running -= 1;
      return n;
    };
    await collect(orderedWindow(numbers(50), work, 7));
    expect(most).toBe(7);
  });

  it('takes no more items while nobody reads the results', async () => {
    let last = -1;
    const results = orderedWindow(
      numbers(1_000, (n) => (last = n)),
      (n) => Promise.resolve(n),
      8,
    );
    await results.next();
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    expect(last).toBeLessThanOrEqual(9);
    await results.return();
  });

  it('passes on a fault of the source after the results before it', async () => {
    async function* broken() {
      yield 1;
      throw new Error('cut off');
    }
    const results = orderedWindow(broken(), (n) => Promise.resolve(n), 3);
    expect(await results.next()).toEqual({ done: false, value: 1 });
    await expect(results.next()).rejects.toThrow('cut off');
  });
});

import { describe, expect, it } from '@jest/globals';
import { GiftChain } from './gift-chain.js';

interface Gift {
  readonly amountMinor: number;
}

function chainOf(largestMinor = 1_000) {
  const visited: [number, number][] = [];
  const chain = new GiftChain<Gift>(largestMinor, ({ amountMinor }, before) => visited.push([amountMinor, before]));
  return { chain, visited };
}

describe('the disclosed gifts of an intake', () => {
  it('are visited in order of their numbers, each with the sum of those before it', () => {
    const { chain, visited } = chainOf();
    for (const [number, amountMinor] of [[2, 30], [0, 10], [1, 20]] as const) chain.take(number, { amountMinor }); // prettier-ignore
    expect(visited).toStrictEqual([
      [10, 0],
      [20, 10],
      [30, 30],
    ]);
    expect([chain.grossMinor, chain.isWhole(3), chain.isWhole(4)]).toStrictEqual([60, true, false]);
  });

  it('end with the first one that is not disclosed', () => {
    const { chain, visited } = chainOf();
    expect(chain.take(0, { amountMinor: 10 })).toBe(true);
    expect(chain.take(1, undefined)).toBe(false);
    expect(chain.take(2, { amountMinor: 30 })).toBe(false);
    expect(visited).toStrictEqual([[10, 0]]);
    expect(chain.isWhole(1)).toBe(false);
  });

  it('are never counted beyond what came in', () => {
    const { chain, visited } = chainOf(100);
    for (const number of [0, 1, 2]) chain.take(number, { amountMinor: Number.MAX_SAFE_INTEGER - 1 });
    expect(visited).toStrictEqual([]);
    expect([chain.grossMinor, chain.isWhole(3)]).toStrictEqual([Infinity, true]);
  });
});

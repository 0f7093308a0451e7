import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addTo, emptyTally, mayBeTold, objectionTo, unionOf, type Increment, type Tally } from './tally.js';

const rules = { k: 4, dominancePercent: 10 };
const SEED = { seed: 20_260_603, numRuns: 300 };
const increment = fc.record({
  voucher: fc.integer({ min: 0, max: 11 }).map((n) => `v${n}`),
  count: fc.constant(1),
  amountMinor: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.constant(5_000)),
});
const increments = fc.array(increment, { maxLength: 25 });

function tallyOf(added: readonly Increment[]): Tally {
  const tally = emptyTally();
  for (const each of added) addTo(tally, each, rules.k);
  return tally;
}

/** The rule as it is written, with every voucher at hand. */
function mayBeToldExactly(added: readonly Increment[]): boolean {
  const byVoucher = new Map<string, number>();
  for (const { amountMinor, voucher } of added) byVoucher.set(voucher, (byVoucher.get(voucher) ?? 0) + amountMinor);
  const [largest = 0, second = 0, ...others] = [...byVoucher.values()].sort((a, b) => b - a);
  const rest = others.reduce((sum, value) => sum + value, 0);
  return added.length === 0 || (byVoucher.size >= rules.k && second >= 0 && rest * 10 >= largest);
}

describe('a tally', () => {
  it('lets nothing be told that the rules forbid, although it lists at most k vouchers', () => {
    const property = fc.property(increments, (added) => {
      const tally = tallyOf(added);
      expect(tally.vouchers.length).toBeLessThanOrEqual(rules.k);
      if (mayBeTold(tally, rules)) expect(mayBeToldExactly(added)).toBe(true);
      if (objectionTo(tally, rules) === 'k')
        expect(new Set(added.map((each) => each.voucher)).size).toBeLessThan(rules.k);
    });
    fc.assert(property, SEED);
  });

  it('lets nothing be told of several together that the rules forbid, and has their sums', () => {
    const property = fc.property(fc.array(increments, { maxLength: 4 }), (parts) => {
      const union = unionOf(parts.map(tallyOf), rules.k);
      const all = parts.flat();
      expect([union.count, union.amountMinor]).toEqual([
        all.length,
        all.reduce((sum, each) => sum + each.amountMinor, 0),
      ]);
      if (mayBeTold(union, rules)) expect(mayBeToldExactly(all)).toBe(true);
    });
    fc.assert(property, SEED);
  });

  it('is not too careful: what many households share evenly may be told', () => {
    const added = Array.from({ length: 500 }, (_, i) => ({ voucher: `v${i}`, count: 1, amountMinor: 5_000 }));
    expect(objectionTo(tallyOf(added), rules)).toBeUndefined();
  });

  it('knows a household that had most of it', () => {
    const added = Array.from({ length: 20 }, (_, i) => ({
      voucher: `v${i}`,
      count: 1,
      amountMinor: i === 7 ? 100_000 : 100,
    }));
    expect(objectionTo(tallyOf(added), rules)).toBe('dominance');
  });
});

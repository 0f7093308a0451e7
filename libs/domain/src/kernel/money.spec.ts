import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addMinor,
  amountMinorOrThrow,
  feeOf,
  multiplyMinor,
  parseAmountMinor,
  subtractMinor,
  zeroMinor,
  type AmountMinor,
} from './money.js';

const MAX = Number.MAX_SAFE_INTEGER;
const amounts = fc.maxSafeNat().map(amountMinorOrThrow);
const basisPoints = fc.nat(10_000);
const exact = (value: bigint) => (value <= BigInt(MAX) ? Number(value) : undefined);

describe('an amount', () => {
  it.each([0, 1, MAX])('may be %d', (value) => {
    expect(parseAmountMinor(value)).toBe(value);
    expect(amountMinorOrThrow(value)).toBe(value);
  });

  it.each([-1, -0, 0.5, 1.00000001, MAX + 1, NaN, Infinity, '1', '1e3', 1n, null, undefined, [], {}])(
    'may not be %p',
    (value) => {
      expect(parseAmountMinor(value)).toBeUndefined();
      expect(() => amountMinorOrThrow(value as number)).toThrow(RangeError);
    },
  );

  it('does not stand in the message about it', () => {
    expect(() => amountMinorOrThrow(-123_456)).toThrow(/^(?!.*123)/);
  });
});

describe('sums', () => {
  it('are exact, or fail', () => {
    fc.assert(
      fc.property(amounts, amounts, (a, b) => {
        const sum = exact(BigInt(a) + BigInt(b));
        if (sum === undefined) return expect(() => addMinor(a, b)).toThrow(RangeError);
        return expect(addMinor(a, b)).toBe(sum);
      }),
    );
    expect(addMinor()).toBe(zeroMinor);
  });

  it('fail as soon as they leave the safe integers', () => {
    expect(addMinor(MAX as AmountMinor, zeroMinor)).toBe(MAX);
    expect(() => addMinor(MAX as AmountMinor, 1 as AmountMinor)).toThrow(RangeError);
  });

  it('can be undone', () => {
    fc.assert(
      fc.property(amounts, amounts, (a, b) => {
        if (a < b) return expect(() => subtractMinor(a, b)).toThrow(RangeError);
        return expect(addMinor(subtractMinor(a, b), b)).toBe(a);
      }),
    );
  });
});

describe('count times face value', () => {
  it('is exact, or undefined', () => {
    fc.assert(
      fc.property(amounts, fc.integer({ min: 1, max: 10_000_000 }), (each, count) => {
        expect(multiplyMinor(each, count)).toBe(exact(BigInt(each) * BigInt(count)));
      }),
    );
  });

  it('is exact near the end of the safe integers, where a float product may be rounded', () => {
    // 3 · 3002399751580331 = 2^53 + 1, which a float rounds down to 2^53.
    expect(multiplyMinor(3_002_399_751_580_331 as AmountMinor, 3)).toBeUndefined();
    expect(multiplyMinor(3_002_399_751_580_330 as AmountMinor, 3)).toBe(9_007_199_254_740_990);
  });
});

describe('the management fee', () => {
  it.each([
    [10_000, 300, 300],
    [9_999, 300, 299],
    [33, 300, 0],
    [34, 300, 1],
    [1, 0, 0],
    [1, 10_000, 1],
    [MAX, 10_000, MAX],
    [MAX, 9_999, 9_006_298_534_815_516],
  ])('of %d fen at %d basis points is %d, rounded down', (gross, points, fee) => {
    expect(feeOf(gross as AmountMinor, points)).toBe(fee);
  });

  it('split donation by donation on the running gross sums to the fee of the whole', () => {
    const gifts = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(gifts, basisPoints, (gross, points) => {
        let running = 0;
        let fees = 0;
        for (const gift of gross) {
          const before = feeOf(running as AmountMinor, points);
          running += gift;
          const fee = feeOf(running as AmountMinor, points) - before;
          expect(fee).toBeGreaterThanOrEqual(0);
          expect(fee).toBeLessThanOrEqual(gift);
          fees += fee;
        }
        expect(fees).toBe(feeOf(running as AmountMinor, points));
      }),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PrivacyCount, type SeenPurchase } from './privacy-count.js';

function countOf(purchases: readonly SeenPurchase[], before = '9999-12-31') {
  const count = new PrivacyCount();
  for (const purchase of purchases) count.take(purchase);
  count.endDaysBefore(before);
  return count.counts();
}

const seen = (day: string, voucher: string, amountMinor: number): SeenPurchase => ({ day, voucher, amountMinor });

describe('how many purchases day and amount single out', () => {
  it('is those whose amount no other voucher paid on that day', () => {
    const purchases = [
      ...[seen('2026-06-01', 'a', 500), seen('2026-06-01', 'b', 500), seen('2026-06-01', 'c', 700)],
      ...[seen('2026-06-02', 'a', 500), seen('2026-06-02', 'b', 700)],
    ];
    expect(countOf(purchases)).toStrictEqual({ redemptionCount: 5, singledOutCount: 3 });
  });

  it('counts purchases of one voucher that look the same: they find that voucher', () => {
    const twice = [seen('2026-06-01', 'a', 500), seen('2026-06-01', 'a', 500)];
    expect(countOf(twice)).toStrictEqual({ redemptionCount: 2, singledOutCount: 2 });
    expect(countOf([...twice, seen('2026-06-01', 'b', 500)])).toStrictEqual({ redemptionCount: 3, singledOutCount: 0 });
  });

  it('leaves out a day that has not ended, in which a purchase may yet have company', () => {
    const purchases = [seen('2026-06-01', 'a', 500), seen('2026-06-02', 'a', 600)];
    expect(countOf(purchases, '2026-06-02')).toStrictEqual({ redemptionCount: 1, singledOutCount: 1 });
    expect(countOf(purchases, '2026-06-01')).toStrictEqual({ redemptionCount: 0, singledOutCount: 0 });
  });

  it('is what comparing each purchase with all others gives, in whatever order they come', () => {
    const purchase = fc.record({
      day: fc.constantFrom('2026-06-01', '2026-06-02', '2026-06-03'),
      voucher: fc.constantFrom('a', 'b', 'c', 'd'),
      amountMinor: fc.integer({ min: 1, max: 6 }),
    });
    fc.assert(
      fc.property(fc.array(purchase), (purchases) => {
        const isAlone = ({ day, voucher, amountMinor }: SeenPurchase): boolean =>
          purchases.every((one) => one.day !== day || one.amountMinor !== amountMinor || one.voucher === voucher);
        const expected = { redemptionCount: purchases.length, singledOutCount: purchases.filter(isAlone).length };
        expect(countOf(purchases)).toStrictEqual(expected);
        expect(countOf([...purchases].reverse())).toStrictEqual(expected);
      }),
    );
  });
});

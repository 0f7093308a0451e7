import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NOTHING_COUNTED, PrivacyCount, type PrivacyCountState, type SeenPurchase } from './privacy-count.js';

const LATER = '9999-12-31';

function countOf(purchases: readonly SeenPurchase[], before = LATER) {
  const count = new PrivacyCount();
  for (const purchase of purchases) count.take(purchase);
  count.endDaysBefore(before);
  return count.counts();
}

const seen = (day: string, voucher: string, amountMinor: number): SeenPurchase => ({ day, voucher, amountMinor });

const purchase = fc.record({
  day: fc.constantFrom('2026-06-01', '2026-06-02', '2026-06-03'),
  voucher: fc.constantFrom('a', 'b', 'c', 'd'),
  amountMinor: fc.integer({ min: 1, max: 6 }),
});

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

  it('never grows by the purchase of a voucher that looks like another’s', () => {
    fc.assert(
      fc.property(fc.array(purchase, { minLength: 1 }), fc.nat(), (purchases, which) => {
        const twin = { ...(purchases[which % purchases.length] as SeenPurchase), voucher: 'twin' };
        expect(countOf([...purchases, twin]).singledOutCount).toBeLessThanOrEqual(countOf(purchases).singledOutCount);
      }),
    );
  });
});

describe('what is kept between two cuts', () => {
  const kept = (count: PrivacyCount) => JSON.parse(JSON.stringify(count.state())) as PrivacyCountState;

  it('goes on as if nothing had been put away, wherever the cuts are', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(purchase, fc.boolean())), (steps) => {
        let count = new PrivacyCount();
        for (const [one, isCut] of steps) {
          count.take(one);
          if (isCut) count = new PrivacyCount(kept(count));
        }
        count.endDaysBefore(LATER);
        expect(count.counts()).toStrictEqual(countOf(steps.map(([one]) => one)));
        expect(kept(count)).toStrictEqual({ ...count.counts(), openDays: [] });
      }),
    );
  });

  it('is the same for the same purchases, in whatever order they came', () => {
    fc.assert(
      fc.property(fc.array(purchase), (purchases) => {
        const [one, other] = [new PrivacyCount(), new PrivacyCount()];
        for (const each of purchases) one.take(each);
        for (const each of [...purchases].reverse()) other.take(each);
        expect(kept(one)).toStrictEqual(kept(other));
      }),
    );
  });

  it('holds amounts of the open day, and no voucher that has company', () => {
    const count = new PrivacyCount(NOTHING_COUNTED);
    for (const voucher of ['a', 'b', 'a']) count.take(seen('2026-06-01', voucher, 500));
    count.take(seen('2026-06-02', 'b', 700));
    count.take(seen('2026-06-02', 'a', 500));
    count.take(seen('2026-06-02', 'c', 500));
    count.endDaysBefore('2026-06-02');
    const amounts = [
      [500, null, 2],
      [700, 'b', 1],
    ];
    expect(kept(count)).toStrictEqual({
      ...{ redemptionCount: 3, singledOutCount: 0 },
      openDays: [{ day: '2026-06-02', amounts }],
    });
  });

  it('counts a purchase too many that comes after its day was ended, and none too few', () => {
    const count = new PrivacyCount();
    count.take(seen('2026-06-01', 'a', 500));
    count.endDaysBefore('2026-06-02');
    count.take(seen('2026-06-01', 'b', 500));
    count.endDaysBefore('2026-06-02');
    expect(count.counts()).toStrictEqual({ redemptionCount: 2, singledOutCount: 2 });
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  countPurchase,
  endPrivacyDay,
  MOST_AMOUNTS,
  openPrivacyCounter,
  tellPrivacy,
  type PrivacyCounter,
  type SeenPurchase,
} from './privacy-count.js';

function counterOf(days: readonly (readonly SeenPurchase[])[]): PrivacyCounter {
  const counter = openPrivacyCounter();
  for (const day of days) {
    for (const purchase of day) countPurchase(counter, purchase);
    endPrivacyDay(counter);
  }
  return counter;
}

const seen = (voucher: string, amountMinor: number): SeenPurchase => ({ voucher, amountMinor });
const purchase = fc.record({
  voucher: fc.constantFrom('a', 'b', 'c', 'd'),
  amountMinor: fc.integer({ min: 1, max: 6 }),
});

describe('how many purchases day and amount single out', () => {
  it('is those whose amount no other voucher paid on that day', () => {
    const days = [
      [seen('a', 500), seen('b', 500), seen('c', 700)],
      [seen('a', 500), seen('b', 700)],
    ];
    expect(counterOf(days).ended).toStrictEqual({ redemptionCount: 5, singledOutCount: 3 });
  });

  it('counts purchases of one voucher that look the same: they find that voucher', () => {
    const twice = [seen('a', 500), seen('a', 500)];
    expect(counterOf([twice]).ended).toStrictEqual({ redemptionCount: 2, singledOutCount: 2 });
    expect(counterOf([[...twice, seen('b', 500)]]).ended).toStrictEqual({ redemptionCount: 3, singledOutCount: 0 });
  });

  it('leaves out a day that has not ended, in which a purchase may yet have company', () => {
    const counter = counterOf([[seen('a', 500)]]);
    countPurchase(counter, seen('a', 600));
    expect(counter.ended).toStrictEqual({ redemptionCount: 1, singledOutCount: 1 });
  });

  it('is what comparing each purchase with all others of its day gives, in whatever order they come', () => {
    fc.assert(
      fc.property(fc.array(purchase), (purchases) => {
        const isAlone = ({ amountMinor, voucher }: SeenPurchase): boolean =>
          purchases.every((one) => one.amountMinor !== amountMinor || one.voucher === voucher);
        const expected = { redemptionCount: purchases.length, singledOutCount: purchases.filter(isAlone).length };
        expect(counterOf([purchases]).ended).toStrictEqual(expected);
        expect(counterOf([[...purchases].reverse()]).ended).toStrictEqual(expected);
      }),
    );
  });

  it('goes on from a counter that was written down in the middle of a day', () => {
    fc.assert(
      fc.property(fc.array(purchase), fc.nat(20), (purchases, after) => {
        let counter = openPrivacyCounter();
        purchases.forEach((one, i) => {
          if (i === after) counter = JSON.parse(JSON.stringify(counter)) as PrivacyCounter;
          countPurchase(counter, one);
        });
        endPrivacyDay(counter);
        expect(counter).toStrictEqual(counterOf([purchases]));
      }),
    );
  });

  it('takes a purchase that it has no room to compare for singled out', () => {
    const many = Array.from({ length: MOST_AMOUNTS + 2 }, (_, i) => seen('a', i + 1));
    const { ended, amounts } = counterOf([[...many, seen('b', 1), seen('b', MOST_AMOUNTS + 1)]]);
    expect(ended).toStrictEqual({ redemptionCount: MOST_AMOUNTS + 4, singledOutCount: MOST_AMOUNTS + 2 });
    expect(amounts).toStrictEqual({});
  });
});

describe('what is told of it', () => {
  it('is nothing below k redemptions, and then what was added is at least k again', () => {
    const counter = counterOf([Array.from({ length: 9 }, (_, i) => seen(`v${i}`, i + 1))]);
    expect(tellPrivacy(counter, { asOf: 100, k: 10 })).toBeUndefined();
    countPurchase(counter, seen('w', 1));
    endPrivacyDay(counter);
    const first = { redemptionCount: 10, singledOutCount: 10, asOf: 200 };
    expect(tellPrivacy(counter, { asOf: 200, k: 10 })).toStrictEqual(first);
    countPurchase(counter, seen('w', 1));
    endPrivacyDay(counter);
    expect(tellPrivacy(counter, { asOf: 300, k: 10 })).toStrictEqual(first);
  });
});

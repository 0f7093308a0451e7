import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Crowds, type CrowdSizes } from './crowds.js';
import type { Purchase } from './open-days.js';

type Seen = readonly ('amountMinor' | 'till')[];
const byAmount: Seen = ['amountMinor'];
const byTill: Seen = ['amountMinor', 'till'];

function crowdsOf(
  day: readonly Purchase[],
  seen = byAmount,
): { readonly sizes: CrowdSizes; readonly alone: Set<number> } {
  const crowds = new Crowds();
  const alone = new Set<number>();
  const columns = seen.map((field) => Float64Array.from(day, (purchase) => purchase[field]));
  const vouchers = Uint32Array.from(day, ({ voucher }) => voucher);
  crowds.takeDay({ vouchers, seen: columns }, (voucher) => alone.add(voucher));
  return { sizes: crowds.sizes(), alone };
}

const purchase = fc.record({
  voucher: fc.nat(14),
  till: fc.nat(2),
  amountMinor: fc.constantFrom(1, 2, 3, 2 ** 33, 2 ** 53 - 1),
});
const day = fc.array(purchase, { maxLength: 60 });
const NOBODY: CrowdSizes = { one: 0, twoToFour: 0, fiveToNine: 0, tenOrMore: 0 };

describe('the crowd that a purchase hides in', () => {
  it('is of k for k vouchers that look the same on a day', () => {
    const sizeOf = (k: number) => {
      if (k === 1) return 'one';
      if (k < 5) return 'twoToFour';
      return k < 10 ? 'fiveToNine' : 'tenOrMore';
    };
    for (const k of [1, 2, 4, 5, 9, 10, 11, 300]) {
      const twins = Array.from({ length: k }, (_, voucher) => ({ voucher, till: 1, amountMinor: 500 }));
      expect(crowdsOf(twins).sizes).toStrictEqual({ ...NOBODY, [sizeOf(k)]: k });
      expect(crowdsOf(twins).alone.size).toBe(k === 1 ? 1 : 0);
    }
  });

  it('is of vouchers, however often one of them spends the same', () => {
    const often = Array.from({ length: 20 }, () => ({ voucher: 7, till: 1, amountMinor: 500 }));
    expect(crowdsOf(often)).toStrictEqual({ sizes: { ...NOBODY, one: 20 }, alone: new Set([7]) });
  });

  it('is what comparing each purchase with all others gives', () => {
    fc.assert(
      fc.property(day, fc.boolean(), (purchases, knowsTill) => {
        const crowdOf = (one: Purchase): number => {
          const same = purchases.filter(
            ({ amountMinor, till }) => amountMinor === one.amountMinor && (!knowsTill || till === one.till),
          );
          return new Set(same.map(({ voucher }) => voucher)).size;
        };
        const crowds = purchases.map(crowdOf);
        const within = (least: number, most: number): number =>
          crowds.filter((crowd) => crowd >= least && crowd <= most).length;
        const { sizes, alone } = crowdsOf(purchases, knowsTill ? byTill : byAmount);
        expect(sizes).toStrictEqual({
          ...{ one: within(1, 1), twoToFour: within(2, 4), fiveToNine: within(5, 9), tenOrMore: within(10, Infinity) },
        });
        expect(alone).toStrictEqual(new Set(purchases.filter((one) => crowdOf(one) === 1).map((one) => one.voucher)));
      }),
    );
  });

  it('never gets smaller by a purchase of another voucher that looks like one of them', () => {
    fc.assert(
      fc.property(
        day.filter(({ length }) => length > 0),
        fc.nat(),
        (purchases, which) => {
          const twin = { ...(purchases[which % purchases.length] as Purchase), voucher: 99 };
          for (const look of [byAmount, byTill]) {
            const [before, after] = [crowdsOf(purchases, look), crowdsOf([...purchases, twin], look)];
            expect(after.sizes.one).toBeLessThanOrEqual(before.sizes.one);
            for (const voucher of after.alone) expect(before.alone).toContain(voucher);
          }
        },
      ),
    );
  });

  it('never gets larger by what is seen beside the amount', () => {
    fc.assert(
      fc.property(day, (purchases) => {
        const [less, more] = [crowdsOf(purchases, byAmount), crowdsOf(purchases, byTill)];
        expect(more.sizes.one).toBeGreaterThanOrEqual(less.sizes.one);
        for (const voucher of less.alone) expect(more.alone).toContain(voucher);
      }),
    );
  });
});

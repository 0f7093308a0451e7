import { describe, expect, it } from '@jest/globals';
import { TillNames } from './till-names.js';

const [TILL, OTHER] = [4, 9];
const redeemed = (names: TillNames, index: number, till: number, amountMinor: number, isPrepaid = false): void =>
  names.redeemed({ index, till, amountMinor, isPrepaid });
const sums = (
  count: number,
  grossMinor: number,
  more: { readonly cutoff?: number; readonly isPrepaid?: boolean } = {},
) => ({
  ...{ cutoff: 1, isPrepaid: false, count, grossMinor },
  ...more,
});
const found = (names: TillNames) => {
  const { fitting, named } = names.found();
  return { fitting: [...fitting], named: [...named] };
};

function twoTills(): TillNames {
  const names = new TillNames();
  redeemed(names, 3, TILL, 100);
  redeemed(names, 4, OTHER, 70);
  redeemed(names, 5, TILL, 20);
  names.cutOff({ number: 1, to: 6 });
  return names;
}

describe('whose shop a till stands in', () => {
  it('is known by the settlement that its sums alone fit, if that names a merchant', () => {
    const names = twoTills();
    names.proposed('s1', sums(2, 120));
    expect(found(names)).toStrictEqual({ fitting: [TILL], named: [] });
    names.named('s1');
    expect(found(names)).toStrictEqual({ fitting: [TILL], named: [TILL] });
  });

  it('is open where two tills, or two settlements, have the same sums', () => {
    const names = twoTills();
    redeemed(names, 7, TILL, 50);
    redeemed(names, 8, OTHER, 50);
    names.cutOff({ number: 2, to: 9 });
    names.proposed('s1', sums(1, 50, { cutoff: 2 }));
    names.proposed('s2', sums(1, 70));
    names.proposed('s3', sums(1, 70));
    expect(found(names)).toStrictEqual({ fitting: [], named: [] });
  });

  it('is open for the tills of a merchant with several, whose sums are no settlement’s', () => {
    const names = twoTills();
    names.proposed('s1', sums(3, 190));
    names.named('s1');
    expect(found(names)).toStrictEqual({ fitting: [], named: [] });
  });

  it('is looked for window by window, and for each way of funding by itself', () => {
    const names = twoTills();
    redeemed(names, 7, TILL, 1);
    redeemed(names, 8, OTHER, 5, true);
    redeemed(names, 12, TILL, 1_000);
    names.cutOff({ number: 2, to: 10 });
    names.proposed('s1', sums(2, 120, { cutoff: 2 }));
    names.proposed('s2', sums(1, 5, { cutoff: 2 }));
    expect(found(names).fitting).toStrictEqual([]);
    names.proposed('s3', sums(1, 5, { cutoff: 2, isPrepaid: true }));
    expect(found(names).fitting).toStrictEqual([OTHER]);
    names.cutOff({ number: 3, to: 13 });
    names.proposed('s4', sums(1, 1_000, { cutoff: 3 }));
    expect(found(names).fitting).toStrictEqual([OTHER, TILL]);
  });
});

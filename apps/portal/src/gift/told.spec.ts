import { describe, expect, it } from '@jest/globals';
import { isCoarse, withheldOf } from './told.js';
import { aBatch, traceOfOneGift } from './ways.examples.js';

const nothing = { level: 'none', cells: [], restMinor: 0 };
const withheld = { ...nothing, restMinor: 500 };
const noGroups = { level: 'none', cells: [], restVouchers: 0 };

describe('what a gift’s page says it does not tell', () => {
  it('is each table without a cell that would have had one', () => {
    expect(withheldOf(traceOfOneGift)).toEqual(['merchants']);
    const small = { goods: withheld, weeks: withheld, merchants: withheld, bankDays: withheld };
    expect(withheldOf({ ...small, groups: { ...noGroups, restVouchers: 12 }, batches: [aBatch()] })).toEqual([
      'groups',
      'goods',
      'weeks',
      'merchants',
      'bankDays',
    ]);
  });

  it('names target groups also where the vouchers are too few to be counted', () => {
    const of = { goods: nothing, weeks: nothing, merchants: nothing, bankDays: nothing, groups: noGroups };
    expect(withheldOf({ ...of, batches: [aBatch({ coarsened: true, vouchersTouched: undefined })] })).toEqual([
      'groups',
    ]);
  });

  it('is nothing where there is nothing to tell yet, or all is told', () => {
    const of = { goods: nothing, weeks: nothing, merchants: nothing, bankDays: nothing, groups: noGroups, batches: [] };
    expect([withheldOf(of), isCoarse(of)]).toEqual([[], false]);
    const told = { ...of, goods: traceOfOneGift.goods };
    expect([withheldOf(told), isCoarse(told)]).toEqual([[], true]);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { DonationTrace } from '@aidtrail/read-models';
import { publicTrace } from './public-trace.js';

const part = (vouchersTouched: number) =>
  ({
    batch: `b${vouchersTouched}`,
    vouchersTouched,
    completedDay: '2026-05-30',
    vouchersByGroup: [{ group: 'mother_infant', vouchers: vouchersTouched }],
    faceMinor: 100,
    redeemedMinor: 300,
    redeemedByMerchant: [{ merchant: 'the-corner-shop', amountMinor: 300 }],
    redeemedByCategory: [{ category: 'infant-formula', amountMinor: 300 }],
    redeemedBySettlement: [{ status: 'paid', amountMinor: 300 }],
    redeemedByWeek: [{ monday: '2026-06-01', category: 'infant-formula', amountMinor: 300 }],
    redeemedByWindow: [{ window: 1, merchant: 'the-corner-shop', amountMinor: 300 }],
    paidByBankDay: [{ day: '2026-06-05', amountMinor: 300 }],
  }) as unknown as DonationTrace['batches'][number];

describe('what a trace code shows', () => {
  const trace = { donation: 'd', windows: 3, batches: [part(9), part(10)] } as unknown as DonationTrace;
  const of = { k: 10, day: '2026-07-01' };

  it('says how many vouchers hold fen of the gift only where they are at least k', () => {
    const [few, enough] = publicTrace(trace, of).batches;
    expect(few).toMatchObject({ coarsened: true, redeemedMinor: 300 });
    expect(few).not.toHaveProperty('vouchersTouched');
    expect(enough).toMatchObject({ coarsened: false, vouchersTouched: 10 });
  });

  it('tells target groups of the gift, and of no single batch', () => {
    const { batches, groups } = publicTrace(trace, of);
    expect(groups).toEqual({ level: 'group', cells: [{ cell: 'mother_infant', vouchers: 10 }], restVouchers: 0 });
    expect(JSON.stringify(batches)).not.toMatch(/mother_infant|vouchersByGroup|completedDay/);
  });

  it('tells shops, goods, weeks and bank days of no single batch, and of the gift only what k vouchers hold', () => {
    const shown = publicTrace(trace, of);
    // Six vouchers at the least.
    expect(JSON.stringify(shown)).not.toMatch(/corner-shop|infant-formula|2026-06-0[15]|2026-05-30|faceMinor/);
    expect(shown.goods).toEqual({ level: 'none', cells: [], restMinor: 600 });
    const told = publicTrace(trace, { ...of, k: 6 });
    expect(told.goods).toEqual({
      level: 'category',
      cells: [{ cell: 'infant-formula', amountMinor: 600 }],
      restMinor: 0,
    });
    expect(told.merchants.cells).toEqual([{ cell: 'the-corner-shop', amountMinor: 600 }]);
    expect(told.weeks.cells).toEqual([{ cell: '2026-06-01', amountMinor: 600 }]);
    expect(told.groups).toEqual({ level: 'group', cells: [{ cell: 'mother_infant', vouchers: 19 }], restVouchers: 0 });
    expect(told.bankDays.cells).toEqual([{ cell: '2026-06-05', amountMinor: 600 }]);
  });
});

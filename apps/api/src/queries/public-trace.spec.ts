import { describe, expect, it } from '@jest/globals';
import type { DonationTrace } from '@aidtrail/read-models';
import { publicTrace } from './public-trace.js';

const part = (vouchersTouched: number) =>
  ({
    batch: 'b',
    vouchersTouched,
    redeemedMinor: 300,
    redeemedByMerchant: [{ merchant: 'the-corner-shop', amountMinor: 300 }],
    redeemedByCategory: [{ category: 'infant-formula', amountMinor: 300 }],
    redeemedBySettlement: [{ status: 'paid', amountMinor: 300 }],
  }) as unknown as DonationTrace['batches'][number];

describe('what a trace code shows', () => {
  const trace = { donation: 'd', batches: [part(9), part(10)] } as unknown as DonationTrace;

  it('never names a merchant', () => {
    expect(JSON.stringify(publicTrace(trace, 10))).not.toContain('the-corner-shop');
  });

  it('says how many vouchers, and what they bought, only where at least k vouchers hold fen of the gift', () => {
    const [few, enough] = publicTrace(trace, 10).batches;
    expect(few).toMatchObject({ coarsened: true, redeemedByCategory: [], redeemedMinor: 300 });
    expect(few).not.toHaveProperty('vouchersTouched');
    expect(enough).toMatchObject({
      coarsened: false,
      vouchersTouched: 10,
      redeemedByCategory: [{ category: 'infant-formula' }],
    });
  });
});

import { describe, expect, it } from '@jest/globals';
import { cutFigures, type Publication } from '../publication/cut-figures.js';
import { LeavesForSpecs, sha256 } from '../testing/leaves.testing.js';

const uuid = (n: number): string => `${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`;

const campaigns = Array.from({ length: 50 }, (_, i) => ({
  id: `c${i}`,
  phase: ['preparedness', 'early-warning', 'recovery'][i % 3] ?? '',
  region: String(110_000 + (i % 20)),
  assistedAllowed: i % 2 === 0,
}));

describe('the state of the public figures', () => {
  it('stays small with 50 campaigns, 500 merchants and as many vouchers as one likes', () => {
    const log = new LeavesForSpecs(10, campaigns);
    for (let i = 0; i < 500; i += 1) log.take('MerchantApplied', `merchant-${uuid(i)}`, { name: `Merchant ${i}` });
    let largest = 0;
    let last: Publication | undefined;
    for (let interval = 0; interval < 6; interval += 1) {
      for (let i = 0; i < 4_000; i += 1) {
        const seed = interval * 4_000 + i;
        const merchant = uuid((seed * 7919) % 500);
        // A few campaigns have most, as in life; small ones wait in the pool.
        const campaign = `c${seed % 3 === 0 ? (seed * 31) % 50 : seed % 5}`;
        log.redeem({
          campaign,
          voucher: (seed * 104_729) % 90_000,
          amountMinor: 100 + (seed % 900),
          disclosed: { merchant, basket: [{ category: `goods-${seed % 12}`, amountMinor: 100 }] },
        });
      }
      largest = Math.max(largest, JSON.stringify(log.state).length);
      last = cutFigures(log.state, { index: log.mark(), sha256 });
    }
    expect(largest).toBeLessThan(500_000);
    expect(JSON.stringify(log.state).length).toBeLessThan(250_000);
    expect(last?.disclosed?.breakdowns[1]?.cells).toHaveLength(500);
  });
});

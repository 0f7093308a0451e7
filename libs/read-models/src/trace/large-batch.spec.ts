import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '@aidtrail/testing/postgres';
import { createHarness, type Harness } from '../testing/harness.js';
import { NaiveLedger } from '../testing/naive-ledger.js';
import { seededNumbers } from '../testing/seeded.js';
import { SyntheticLog } from '../testing/synthetic-log.js';
import { CHUNKS_PER_BLOCK, VOUCHERS_PER_CHUNK } from '../tables/index.js';
import { donationTrace, type DonationTrace } from './donation-trace.js';

let database: TestDatabase;
let harness: Harness;

beforeAll(async () => {
  database = await testDatabase();
});

afterAll(async () => {
  await harness.close();
  await database.drop();
});

describe('the trace through a batch of several blocks', () => {
  it('adds sums of whole chunks and exact edges to what each fen says', async () => {
    const random = seededNumbers(5);
    const log = new SyntheticLog(5);
    const fund = log.openFund('campaign');
    const count = VOUCHERS_PER_CHUNK * CHUNKS_PER_BLOCK + 3 * VOUCHERS_PER_CHUNK + 11;
    const total = count * 3;
    const gifts = [1, 7, Math.floor(total * 0.3), 500, Math.floor(total * 0.6)];
    gifts.push(total - gifts.reduce((a, b) => a + b, 0));
    const { donations } = log.intake(fund, gifts);
    const campaign = log.openCampaign(fund);
    const batch = log.fundBatch(campaign, fund, { count, face: 3 });
    const shop = log.uuid();
    for (let i = 0; i < count - 5; i += 1) {
      const voucher = log.issue(batch);
      if (random() % 4 === 0) continue;
      log.claim(voucher);
      const basket = [
        { category: 'food', quantity: 1, amountMinor: 2 },
        { category: 'water', quantity: 1, amountMinor: 1 },
      ];
      const sale = log.redeem(voucher, 1 + (random() % 3), { merchant: shop, store: shop, basket });
      if (random() % 5 === 0) log.reverse(voucher, sale, 1, random() % 2 === 0 ? 'recoverable' : 'voucher');
      if (random() % 6 === 0) log.end(voucher, 'VoucherExpired');
    }
    log.cutoff(log.events.length - 4_000);
    log.returnFunds(batch);
    log.recover(batch);
    harness = createHarness(database.connectionString, log);
    await harness.project();
    const naive = new NaiveLedger();
    const disclosed = await log.disclosures().privateOf(log.events);
    log.events.forEach((event, i) => naive.apply(event, disclosed[i]));
    for (const [i, donation] of donations.entries()) {
      const trace = (await donationTrace(harness.read, { donation })) as DonationTrace;
      const counts = naive.trace(donation);
      expect(trace.grossMinor).toBe(gifts[i]);
      expect({
        free: trace.totals.freeMinor,
        unissued: trace.totals.unissuedMinor,
        unclaimed: trace.totals.unclaimedMinor,
        claimed: trace.totals.claimedUnspentMinor,
        redeemed: trace.totals.redeemedMinor,
      }).toEqual({
        free: counts['free'] ?? 0,
        unissued: counts['unissued'] ?? 0,
        unclaimed: counts['unclaimed'] ?? 0,
        claimed: counts['claimed'] ?? 0,
        redeemed: counts['redeemed'] ?? 0,
      });
      const groups = trace.batches.flatMap((part) => part.vouchersByGroup);
      for (const { group, vouchers } of groups) expect([group, vouchers]).toEqual([group, counts[`group ${group}`]]);
      const open = trace.batches.flatMap((part) => part.redeemedBySettlement).find(({ status }) => status === 'open');
      expect(open?.amountMinor ?? 0).toBe(counts['window open'] ?? 0);
    }
  }, 120_000);
});

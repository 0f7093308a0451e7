import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '@aidtrail/testing/postgres';
import { createHarness, type Harness } from '../testing/harness.js';
import { SyntheticLog } from '../testing/synthetic-log.js';
import { journalEntries, trialBalance } from './accounts.js';
import { campaignDashboard, campaignList, programmeSummary } from './campaigns.js';
import { batchView, donationsOfIntake, fundView } from './funds.js';
import { merchantPayables, merchantView, windowsOf } from './merchants.js';
import { settlementsOf, settlementView } from './settlements.js';
import { vouchersOfBatch, voucherView } from './vouchers.js';

let database: TestDatabase;
let harness: Harness;
const log = new SyntheticLog(3);
const ids: Record<string, string> = {};

/**
 * A fund of 1,000 fen with a fee of 5 %, one batch of 5 vouchers of 100. Voucher 0: 60 spent, 20 of it reversed to it;
 * 1: unclaimed; 2: 100 spent, 30 reversed after payout; 3: claimed with help, reissued; 4: expired and returned. Of a gift
 * 20 are paid back out of the fund; what the other fund reserved under the same refund was left out.
 */
beforeAll(async () => {
  database = await testDatabase();
  const administration = log.openFund('administration');
  const fund = log.openFund('campaign', { basisPoints: 500, administration: administration.id });
  const { donations, intake } = log.intake(fund, [400, 600], { administration });
  const campaign = log.openCampaign(fund);
  const merchant = log.uuid();
  const store = log.uuid();
  const stream = `merchant-${merchant}`;
  log.emit('MerchantApplied', stream, { name: 'Corner shop', region: '430100', bankDigest: 'd1', officer: 'maker' });
  log.emit('MerchantAssessed', stream, { assessor: 'funder', outcome: 'suitable', officer: 'maker' });
  log.emit('MerchantApproved', stream, { officer: 'maker', approval: 1, approvals: 2, holdDays: 3 });
  log.emit('MerchantApproved', stream, { officer: 'checker', approval: 2, approvals: 2, holdDays: 3 });
  log.emit('StoreOpened', stream, { store, name: 'Main street', kind: 'shop', region: '430100' });
  const batch = log.fundBatch(campaign, fund, { count: 5, face: 100 });
  const vouchers = Array.from({ length: 5 }, () => log.issue(batch));
  const [first, , third, fourth, fifth] = vouchers as [never, never, never, never, never];
  log.claim(first);
  const basket = [
    { category: 'food', quantity: 1, amountMinor: 45 },
    { category: 'water', quantity: 1, amountMinor: 45 },
  ];
  const sale = log.redeem(first, 60, { merchant, store, basket });
  log.claim(third);
  const paid = log.redeem(third, 100, { merchant, store }, 'assisted');
  log.claim(fourth, 'assisted');
  log.reissue(fourth);
  log.nextDay();
  log.reverse(first, sale, 20, 'voucher');
  const to = log.events.length;
  const cutoff = log.cutoff(to);
  const settlement = log.uuid();
  const figures = {
    cutoff,
    window: [0, to],
    fundingMode: 'merchant-funded',
    count: 2,
    grossMinor: 160,
    reversalsMinor: 20,
    recoverableMinor: 0,
  };
  log.emit('SettlementProposed', `settlement-${settlement}`, figures, { merchant });
  log.emit(
    'SettlementPrepared',
    `settlement-${settlement}`,
    {
      ...figures,
      withheldMinor: 10,
      releasedMinor: 0,
      carriedInMinor: 0,
      carriedOutMinor: 0,
      recoveredMinor: 0,
      netMinor: 130,
      withheldBalanceMinor: 10,
      recoverableBalanceMinor: 0,
      officer: 'maker',
    },
    { merchant, reason: 'unclear' },
  );
  log.emit('SettlementApproved', `settlement-${settlement}`, {
    netMinor: 130,
    officer: 'checker',
    payableFrom: '2026-11-05',
  });
  log.emit(
    'SettlementPaid',
    `settlement-${settlement}`,
    { ...figures, netMinor: 130, carriedOutMinor: 0, recoveredMinor: 0, bankDay: '2026-11-05', officer: 'maker' },
    { merchant, bankReference: 'B1' },
  );
  log.reverse(third, paid, 30, 'recoverable');
  log.end(fifth, 'VoucherExpired');
  log.returnFunds(batch);
  Object.assign(ids, {
    campaign,
    fund: fund.id,
    administration: administration.id,
    intake,
    merchant,
    store,
    settlement,
    batch: batch.id,
    voucher: (vouchers[0] as { id: string }).id,
    donation: donations[0] as string,
  });
  harness = createHarness(database.connectionString, log);
  const refund = log.reserve(fund, [[800, 20]]);
  log.reserve(administration, [[0, 5]], refund);
  log.refund(donations[1] as string, { refund, fund: fund.id, amountMinor: 20 });
  await harness.project({ batchSize: 6 });
});

afterAll(async () => {
  await harness.close();
  await database.drop();
});

const id = (name: string) => ids[name] as string;

describe('queries', () => {
  it('tell what happened in a campaign, in all and by day', async () => {
    const dashboard = await campaignDashboard(harness.read, id('campaign'));
    expect(dashboard).toMatchObject({
      status: 'open',
      batchCount: 1,
      fundedMinor: 500,
      issuedCount: 5,
      issuedMinor: 500,
      claimedCount: 3,
      householdCount: 3,
      assistedClaimCount: 1,
      redeemedCount: 2,
      redeemedMinor: 160,
      assistedRedemptionCount: 1,
      reversedCount: 2,
      reversedToVoucherMinor: 20,
      reversedRecoverableMinor: 30,
      expiredCount: 1,
      expiredMinor: 100,
      cancelledCount: 0,
      reissuedCount: 1,
      returnedMinor: 100,
      recoveredMinor: 0,
      outstandingMinor: 260,
    });
    expect(
      dashboard?.byDay.map(({ day, redeemedMinor, reversedCount }) => ({ day, redeemedMinor, reversedCount })),
    ).toEqual([
      { day: '2026-11-01', redeemedMinor: 160, reversedCount: 0 },
      { day: '2026-11-02', redeemedMinor: 0, reversedCount: 2 },
    ]);
    expect(await campaignList(harness.read)).toHaveLength(1);
    expect(await campaignDashboard(harness.read, id('batch'))).toBeUndefined();
    expect(await programmeSummary(harness.read)).toEqual([]);
  });

  it('tell where the money of a fund is', async () => {
    expect(await fundView(harness.read, id('fund'))).toMatchObject({
      lineLengthMinor: 1050,
      grossIntakeMinor: 1000,
      feeMinor: 50,
      feeInTransitMinor: 0,
      freeMinor: 530,
      refundedMinor: 20,
      refundReservedMinor: 0,
      fundedMinor: 500,
      returnedMinor: 100,
      committedMinor: 260,
      redeemedMinor: 110,
      recoverableMinor: 30,
    });
    expect(await fundView(harness.read, id('administration'))).toMatchObject({
      ...{ freeMinor: 45, receivedMinor: 50 },
      ...{ refundedMinor: 0, refundReservedMinor: 5 },
    });
    expect(await batchView(harness.read, id('batch'))).toMatchObject({
      issuedCount: 5,
      claimedCount: 2,
      endedCount: 1,
      fundedMinor: 500,
      unissuedMinor: 0,
      unclaimedMinor: 200,
      claimedUnspentMinor: 60,
      redeemedMinor: 110,
      returningMinor: 0,
      returnedMinor: 100,
      recoverableMinor: 30,
    });
  });

  it('show a voucher with its redemptions, their goods and reversals', async () => {
    const view = await voucherView(harness.read, id('voucher'));
    expect(view).toMatchObject({ status: 'claimed', unspentMinor: 60, redeemedMinor: 40, claimChannel: 'self' });
    expect(view?.redemptions).toMatchObject([
      {
        merchant: id('merchant'),
        store: id('store'),
        time: '2026-11-01T10:00:00Z',
        amountMinor: 60,
        reversedMinor: 20,
        goods: [
          { category: 'food', amountMinor: 30 },
          { category: 'water', amountMinor: 30 },
        ],
        reversals: [{ day: '2026-11-02', amountMinor: 20, to: 'voucher', reason: 'wrong-goods' }],
      },
    ]);
    expect(
      (await vouchersOfBatch(harness.read, id('batch'), { from: 3, limit: 5 })).map((v) => [v.number, v.status]),
    ).toEqual([
      [3, 'issued'],
      [4, 'expired'],
    ]);
    expect(await voucherView(harness.read, id('batch'))).toBeUndefined();
  });

  it('show a merchant, what it is owed and its settlements', async () => {
    expect(await merchantView(harness.read, id('merchant'))).toMatchObject({
      status: 'approved',
      holdDays: 3,
      assessments: { funder: 'suitable' },
      stores: [{ store: id('store'), status: 'open' }],
      byStoreAndDay: [
        { day: '2026-11-01', redeemedCount: 2, redeemedMinor: 160, reversedCount: 0 },
        { day: '2026-11-02', redeemedCount: 0, reversedCount: 2, reversedMinor: 50 },
      ],
    });
    expect(await merchantPayables(harness.read)).toMatchObject([
      {
        merchant: id('merchant'),
        name: 'Corner shop',
        unsettledMinor: -30,
        paidMinor: 130,
        withheldMinor: 10,
        approvedMinor: 0,
      },
    ]);
    expect(await windowsOf(harness.read, id('merchant'))).toMatchObject([
      { cutoff: 1, redeemedCount: 2, grossMinor: 160, reversalsMinor: 20, recoverableMinor: 0 },
      { cutoff: 2, redeemedCount: 0, grossMinor: 0, reversalsMinor: 30, recoverableMinor: 30 },
    ]);
    expect(await settlementsOf(harness.read, id('merchant'))).toHaveLength(1);
    const view = await settlementView(harness.read, id('settlement'));
    expect(view).toMatchObject({
      status: 'paid',
      netMinor: 130,
      preparedBy: 'maker',
      approvedBy: 'checker',
      bankReference: 'B1',
    });
    expect(view?.lines.map(({ amountMinor, kind }) => [kind, amountMinor])).toEqual([
      ['redemption', 60],
      ['redemption', 100],
      ['reversal', 20],
    ]);
  });

  it('list the donations of an intake in order', async () => {
    expect(await donationsOfIntake(harness.read, id('intake'), { limit: 1 })).toMatchObject([
      { donation: id('donation'), number: 0, grossMinor: 400, feeMinor: 20, refundedMinor: 0 },
    ]);
  });

  it('balance the books: every entry and the sum of all accounts is zero', async () => {
    const balance = await trialBalance(harness.read);
    expect(balance).toMatchObject({ sumMinor: 0, asOf: log.events.length });
    expect(balance.accounts.find(({ account }) => account === 'bank')?.balanceMinor).toBe(1000 - 130 - 20);
    const entries = await journalEntries(harness.read);
    expect(entries.length).toBeGreaterThan(5);
    for (const { postings } of entries) expect(postings.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(0);
  });

  it('refuse to show a figure that is not a safe integer', async () => {
    await expect(harness.read.pool.query('select 9007199254740993::bigint')).rejects.toThrow('not a safe integer');
  });
});

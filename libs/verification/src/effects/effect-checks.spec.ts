import { describe, expect, it } from '@jest/globals';
import { createLedgerHarness, type LedgerHarness } from '@aidtrail/testing/ledger';
import { leavesOfType } from '@aidtrail/testing/reading';
import { reserveRefund } from '@aidtrail/testing/refunds';
import {
  claim,
  draftBatch,
  give,
  giveAndTransfer,
  issueBatch,
  openRelief,
  redemption,
  transfer,
  type ReliefScenario,
} from '@aidtrail/testing/relief';
import { approveSettlement, cutOff, paySettlement, startDay } from '@aidtrail/testing/settling';
import { checkLeaves, openLeavesOf, type CheckedLog } from './folding.testing.js';

/** The log so far passes, read with and without disclosures. Resolves to what is said of it in public. */
async function expectClean(h: LedgerHarness): Promise<CheckedLog> {
  const leaves = await openLeavesOf(h);
  const disclosed = checkLeaves(leaves.disclosed, true);
  const plain = checkLeaves(leaves.public);
  expect(disclosed.findings).toStrictEqual([]);
  expect(plain.findings).toStrictEqual([]);
  expect(disclosed.summary).toStrictEqual(plain.summary);
  return plain;
}

async function expectSettled(h: LedgerHarness): Promise<CheckedLog> {
  const checked = await expectClean(h);
  expect(checked.summary.pendingEffects).toStrictEqual({});
  return checked;
}

const reverse = (voucher: string, redeemed: string, amountMinor: number) => ({
  type: 'ReverseRedemption',
  data: { voucher, redemption: redeemed, amountMinor, reason: 'returned-goods' },
});

async function settle(h: LedgerHarness, relief: ReliefScenario, days: readonly string[]): Promise<void> {
  const [settlement = ''] = await cutOff(h, relief);
  const netMinor = await approveSettlement(h, relief, settlement);
  for (const day of days) await startDay(h, relief, day);
  await paySettlement(h, relief, { settlement, netMinor });
}

describe('the log of a ledger whose policies are at rest', () => {
  it('has every effect and every fen, through reversals before and after payout, recoveries and expiry', async () => {
    const h = await createLedgerHarness({ rowsAtATime: 2 });
    const relief = await openRelief(h);
    const { till, finance1, programme1 } = relief.keys;
    await giveAndTransfer(h, relief, [100_000, 100, 333, 1]);
    const { voucherIds } = await issueBatch(h, relief, { count: 5, faceMinor: 10_000 });
    const [first = '', second = '', third = ''] = voucherIds;
    const holder = await claim(h, relief, first);
    const early = await h.accept(redemption(relief, first, 3_000), [till, holder]);
    const kept = await h.accept(redemption(relief, first, 2_000), [till, holder]);
    await h.accept(reverse(first, early, 500), [finance1]);
    await h.accept(redemption(relief, second, 10_000), [till, await claim(h, relief, second)]);
    await h.accept({ type: 'CancelVoucher', data: { voucher: third, reason: 'moved-away' } }, [programme1]);
    await h.ledger.settle();
    await settle(h, relief, ['2026-06-02', '2026-06-03']);
    await h.accept(reverse(first, kept, 700), [finance1]);
    await h.accept(redemption(relief, first, 1_000), [till, holder]);
    await settle(h, relief, ['2026-06-04', '2026-06-05']);
    await issueBatch(h, relief, { count: 3, faceMinor: 700 });
    await startDay(h, relief, '2026-07-01');
    const { summary } = await expectSettled(h);
    expect(await leavesOfType(h.store, 'FundsRecovered')).toHaveLength(1);
    expect(summary).toMatchObject({
      intakeMinor: 100_434,
      outstandingMinor: 0,
      states: { redeemed: 14_500 + 1_000 - 700, in_transit: 0, committed: 0, recoverable: 0 },
      windows: [
        { number: 1, settlements: 1, moved: { count: 3, grossMinor: 15_000, reversalsMinor: 500 } },
        { number: 2, settlements: 1, moved: { count: 1, grossMinor: 1_000, recoverableMinor: 700 } },
      ],
    });
    expect(Object.values(summary.states).reduce((sum, amount) => sum + amount, 0)).toBe(summary.intakeMinor);
    expect(Object.values(summary.balances).reduce((sum, amount) => sum + amount, 0)).toBe(0);
  });

  it('has refunds, released reservations, an unfunded batch, an extension and a closed fund', async () => {
    const h = await createLedgerHarness();
    const relief = await openRelief(h);
    const { finance1, finance2, programme1 } = relief.keys;
    await give(h, relief, [50_000]);
    const released = await reserveRefund(h, relief, relief.generalFund);
    await h.accept(released.withdraw, [finance1]);
    await h.accept(released.release, [finance1]);
    await transfer(h, relief, 20_000);
    await draftBatch(h, relief, { count: 3, faceMinor: 10_000 });
    await issueBatch(h, relief, { count: 2, faceMinor: 10_000 });
    expect(await leavesOfType(h.store, 'BatchFundingRefused')).toHaveLength(1);
    const extension = { campaign: relief.campaign, lastDay: '2026-07-05' };
    await h.accept({ type: 'ExtendCampaign', data: extension }, [programme1]);
    await startDay(h, relief, '2026-07-01');
    expect((await expectSettled(h)).summary.outstandingMinor).toBe(20_000);
    await startDay(h, relief, '2026-07-06');
    await h.accept({ type: 'CloseCampaign', data: { campaign: relief.campaign } }, [programme1]);
    await h
      .accept(
        {
          type: 'SendTransfer',
          data: { fund: relief.campaignFund, toFund: relief.generalFund, amountMinor: 20_000 },
        },
        [finance1],
      )
      .catch(() => undefined);
    const refund = await reserveRefund(h, relief, relief.generalFund);
    await h.accept(refund.pay, [finance1, finance2]);
    const { summary } = await expectSettled(h);
    expect(summary.states).toMatchObject({ refunded: refund.amountMinor, refund_reserved: 0 });
  });
});

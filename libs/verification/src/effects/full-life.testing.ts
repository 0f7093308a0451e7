import { createLedgerHarness, type LedgerHarness } from '@aidtrail/testing/ledger';
import { reserveRefund } from '@aidtrail/testing/refunds';
import {
  claim,
  draftBatch,
  give,
  giveAndTransfer,
  issueBatch,
  openRelief,
  redemption,
  type ReliefScenario,
} from '@aidtrail/testing/relief';
import { approveSettlement, cutOff, paySettlement, startDay } from '@aidtrail/testing/settling';

/**
 * A log in which every policy has had something to do: gifts with a fee, a transfer, batches funded and refused, redemptions
 * reversed before and after payout, debts carried over and recovered, a cancelled voucher, an extension, expiry, and
 * refunds paid and given up.
 */
export async function fullLife(): Promise<LedgerHarness> {
  const h = await createLedgerHarness({ rowsAtATime: 2 });
  const relief = await openRelief(h);
  const { finance1, finance2, programme1 } = relief.keys;
  await give(h, relief, [40_000]);
  const refund = await reserveRefund(h, relief, relief.generalFund);
  await h.accept(refund.withdraw, [finance1]);
  await h.accept(refund.release, [finance1]);
  await h.accept((await reserveRefund(h, relief, relief.generalFund)).pay, [finance1, finance2]);
  await giveAndTransfer(h, relief, [100_000, 100, 333, 1]);
  const extension = { campaign: relief.campaign, lastDay: '2026-07-05' };
  await h.accept({ type: 'ExtendCampaign', data: extension }, [programme1]);
  await spend(h, relief);
  await draftBatch(h, relief, { count: 9, faceMinor: 70_000 });
  await issueBatch(h, relief, { count: 3, faceMinor: 700 });
  for (const day of ['2026-07-05', '2026-07-06', '2026-07-07', '2026-07-08']) await startDay(h, relief, day);
  return h;
}

async function spend(h: LedgerHarness, relief: ReliefScenario): Promise<void> {
  const { till, finance1, programme1 } = relief.keys;
  const { voucherIds } = await issueBatch(h, relief, { count: 5, faceMinor: 10_000 });
  const [first = '', second = '', third = ''] = voucherIds;
  const holder = await claim(h, relief, first);
  const early = await h.accept(redemption(relief, first, 3_000), [till, holder]);
  const late = await h.accept(redemption(relief, first, 2_000), [till, holder]);
  await h.accept(reversal(first, early, 500), [finance1]);
  await h.accept(redemption(relief, second, 10_000), [till, await claim(h, relief, second)]);
  await h.accept({ type: 'CancelVoucher', data: { voucher: third, reason: 'moved-away' } }, [programme1]);
  await h.ledger.settle();
  await settle(h, relief, ['2026-06-02', '2026-06-03']);
  await h.accept(reversal(first, late, 1_700), [finance1]);
  await h.accept(redemption(relief, first, 1_000), [till, holder]);
  await settle(h, relief, ['2026-06-04', '2026-06-05']);
  await h.accept(redemption(relief, first, 2_500), [till, holder]);
  await settle(h, relief, ['2026-06-06', '2026-06-07']);
}

async function settle(h: LedgerHarness, relief: ReliefScenario, days: readonly string[]): Promise<void> {
  const [settlement = ''] = await cutOff(h, relief);
  const netMinor = await approveSettlement(h, relief, settlement);
  for (const day of days) await startDay(h, relief, day);
  await paySettlement(h, relief, { settlement, netMinor });
}

function reversal(voucher: string, redeemed: string, amountMinor: number) {
  const data = { voucher, redemption: redeemed, amountMinor, reason: 'returned-goods' };
  return { type: 'ReverseRedemption', data };
}

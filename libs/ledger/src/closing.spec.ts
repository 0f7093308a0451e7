import { describe, expect, it } from '@jest/globals';
import { createLedgerHarness } from '@aidtrail/testing/ledger';
import { followTheMoney, leavesOfType } from '@aidtrail/testing/reading';
import { claim, giveAndTransfer, issueBatch, openRelief, redemption } from '@aidtrail/testing/relief';
import { approveSettlement, cutOff, paySettlement, startDay } from '@aidtrail/testing/settling';

describe('a fund that is closed while a merchant owes it money', () => {
  it('cannot know, and the sweep of the log tells everybody', async () => {
    const h = await createLedgerHarness();
    const relief = await openRelief(h);
    await giveAndTransfer(h, relief, [10_000]);
    const { batch, voucherIds } = await issueBatch(h, relief, { count: 1, faceMinor: 9_700 });
    const voucher = voucherIds[0] as string;
    const redeemed = await h.accept(redemption(relief, voucher, 9_700), [
      relief.keys.till,
      await claim(h, relief, voucher),
    ]);
    const [settlement] = await cutOff(h, relief);
    const netMinor = await approveSettlement(h, relief, settlement as string);
    await startDay(h, relief, '2026-06-02');
    await startDay(h, relief, '2026-06-03');
    await paySettlement(h, relief, { settlement: settlement as string, netMinor });
    const reversal = { voucher, redemption: redeemed, amountMinor: 300, reason: 'wrong-goods' };
    await h.accept({ type: 'ReverseRedemption', data: reversal }, [relief.keys.till]);
    const close = { type: 'CloseFund', data: { fund: relief.campaignFund } };
    expect(await h.refuse(close, [relief.keys.finance1])).toBe('vouchers_outstanding');
    await startDay(h, relief, '2026-07-02');
    expect((await followTheMoney(h.store)).problems).toEqual([]);
    await h.accept(close, [relief.keys.finance1]);

    const [closed] = await leavesOfType(h.store, 'FundClosed');
    const { sweep, problems } = await followTheMoney(h.store);
    expect(sweep.totals()).toMatchObject({ recoverable: 300 });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({
      code: 'closed_with_money',
      line: `batch-${batch}`,
      actual: 300,
      position: closed?.stored.position,
    });
  });
});

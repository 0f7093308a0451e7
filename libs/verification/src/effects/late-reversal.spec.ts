import { describe, expect, it } from '@jest/globals';
import { logOf } from '@aidtrail/testing/forging';
import { createLedgerHarness, type HarnessInternals, type LedgerHarness } from '@aidtrail/testing/ledger';
import { followTheMoney } from '@aidtrail/testing/reading';
import { claim, giveAndTransfer, issueBatch, openRelief, redemption } from '@aidtrail/testing/relief';
import { startDay } from '@aidtrail/testing/settling';
import { auditOf } from '../audit/audit-of.testing.js';

describe('a reversal that another process decides on a day that is over', () => {
  it('leaves a log that an audit finds clean, before the next day brings the money home and after it', async () => {
    const h = await createLedgerHarness();
    const relief = await openRelief(h);
    await giveAndTransfer(h, relief, [10_000]);
    const { voucherIds } = await issueBatch(h, relief, { count: 2, faceMinor: 1_000 });
    const voucher = voucherIds[0] as string;
    const sale = [relief.keys.till, await claim(h, relief, voucher)];
    const sold = await h.accept(redemption(relief, voucher, 1_000), sale);
    const late = await thatRemembersToday(h);
    await startDay(h, relief, '2026-07-01');
    const data = { voucher, redemption: sold, amountMinor: 300, reason: 'complaint' };
    await late.accept({ type: 'ReverseRedemption', data }, [relief.keys.finance1]);
    await h.ledger.settle();
    await expectClean(h, { outstanding: 300, redeemed: 700 });
    await startDay(h, relief, '2026-07-02');
    await expectClean(h, { outstanding: 0, in_transit: 0, redeemed: 700 });
    await startDay(h, relief, '2026-07-03');
    await expectClean(h, { outstanding: 0, in_transit: 0, redeemed: 700 });
  });
});

/** Another process on the same ledger, which hears of no day that begins from now on. */
async function thatRemembersToday(h: LedgerHarness & HarnessInternals): Promise<LedgerHarness> {
  const late = await createLedgerHarness({ beside: h });
  for (const stream of ['ledger-main', 'calendar-main']) await late.ledger.stateOf(stream);
  return late;
}

async function expectClean(h: LedgerHarness, totals: object): Promise<void> {
  const log = await logOf(h);
  for (const disclosed of [false, true]) expect(auditOf(log, { disclosed }).findings).toStrictEqual([]);
  const { sweep, problems } = await followTheMoney(h.store);
  expect(problems).toStrictEqual([]);
  expect(sweep.totals()).toMatchObject(totals);
}

import { describe, expect, it } from '@jest/globals';
import { utf8DecodeOrThrow } from '@aidtrail/envelope';
import { createLedgerHarness, type LedgerHarness } from '@aidtrail/testing/ledger';
import { claim, giveAndTransfer, issueBatch, openRelief, redemption } from '@aidtrail/testing/relief';

describe('erasing a household before the cut-off', () => {
  it('still pays the shop for what the household bought, and takes nothing more from the voucher', async () => {
    const h = await createLedgerHarness();
    const relief = await openRelief(h);
    await giveAndTransfer(h, relief, [200_000]);
    const { voucherIds } = await issueBatch(h, relief, { count: 2, faceMinor: 20_000 });
    const [erased, other] = voucherIds as [string, string];
    const holder = await claim(h, relief, erased);
    await h.accept(redemption(relief, erased, 1_500), [relief.keys.till, holder]);
    await h.accept(redemption(relief, other, 700), [relief.keys.till, await claim(h, relief, other)]);

    await h.ledger.whileKeepingBooks([erased], () => {
      h.registers.erase(erased);
      return Promise.resolve();
    });

    expect(await h.refuse(redemption(relief, erased, 100), [relief.keys.till, holder])).toBe('subject_erased');
    const checkpoint = await h.ledger.checkpoint({ force: true });
    await h.accept({ type: 'SetCutoff', data: { to: checkpoint?.size ?? 0 } }, [relief.keys.service]);
    await h.ledger.settle();
    expect(await proposals(h)).toEqual([{ count: 2, grossMinor: 2_200 }]);
  });

  it('leaves its redemptions as they are: whether the shop was paid for them cannot be found out', async () => {
    const h = await createLedgerHarness();
    const relief = await openRelief(h);
    await giveAndTransfer(h, relief, [200_000]);
    const { voucherIds } = await issueBatch(h, relief, { count: 1, faceMinor: 20_000 });
    const [voucher] = voucherIds as [string];
    const holder = await claim(h, relief, voucher);
    const sold = await h.accept(redemption(relief, voucher, 1_500), [relief.keys.till, holder]);
    await h.ledger.whileKeepingBooks([voucher], () => {
      h.registers.erase(voucher);
      return Promise.resolve();
    });
    const reversal = { voucher, redemption: sold, amountMinor: 1_500, reason: 'complaint' };
    expect(await h.refuse({ type: 'ReverseRedemption', data: reversal }, [relief.keys.finance1])).toBe(
      'redemption_erased',
    );
  });
});

async function proposals(h: LedgerHarness): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const batch of h.store.readAll()) {
    for (const { bytes } of batch) {
      const leaf = JSON.parse(utf8DecodeOrThrow(bytes)) as {
        readonly type: string;
        readonly data: { readonly count: number; readonly grossMinor: number };
      };
      if (leaf.type !== 'SettlementProposed') continue;
      found.push({ count: leaf.data.count, grossMinor: leaf.data.grossMinor });
    }
  }
  return found;
}

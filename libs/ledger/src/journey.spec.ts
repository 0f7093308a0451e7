import { describe, expect, it } from '@jest/globals';
import type { FundState, SettlementState, VoucherState } from '@aidtrail/domain';
import { utf8DecodeOrThrow } from '@aidtrail/envelope';
import { createLedgerHarness, type LedgerHarness } from '@aidtrail/testing/ledger';
import { claim, giveAndTransfer, issueBatch, openRelief, redemption } from '@aidtrail/testing/relief';

describe('a relief campaign, from the gift to the paid merchant', () => {
  it('moves every fen by signed events and policies', async () => {
    const h = await createLedgerHarness();
    const relief = await openRelief(h);
    const { netMinor } = await giveAndTransfer(h, relief, [100_000, 100, 333]);
    expect(netMinor).toBe(97_421);
    const { voucherIds } = await issueBatch(h, relief, { count: 3, faceMinor: 20_000 });
    const [first, second] = voucherIds as [string, string, string];
    const holder = await claim(h, relief, first);
    const redeemed = await h.accept(redemption(relief, first, 1_500), [relief.keys.till, holder]);
    await h.accept(redemption(relief, first, 2_500), [relief.keys.till, holder]);
    await h.accept(
      {
        type: 'ReverseRedemption',
        data: { voucher: first, redemption: redeemed, amountMinor: 500, reason: 'returned-goods' },
      },
      [relief.keys.finance1],
    );
    expect(await balanceOf(h, first)).toBe(16_500);

    await payMerchant(h, relief);
    expect(await typesIn(h)).toContain('SettlementPaid');

    await startDay(h, relief, '2026-07-01');
    await h.ledger.settle();
    expect((await state<VoucherState>(h, `voucher-${second}`)).status).toBe('expired');
    const fund = await state<Exclude<FundState, { status: 'none' }>>(h, `fund-${relief.campaignFund}`);
    expect(fund.freeMinor).toBe(netMinor - 3_500);
    expect(await h.refuse(redemption(relief, first, 100), [relief.keys.till, holder])).toBe('voucher_expired');
  });
});

async function payMerchant(h: LedgerHarness, relief: Awaited<ReturnType<typeof openRelief>>): Promise<void> {
  const checkpoint = await h.ledger.checkpoint({ force: true });
  await h.accept({ type: 'SetCutoff', data: { to: checkpoint?.size ?? 0 } }, [relief.keys.service]);
  await h.ledger.settle();
  const stream = await streamOf(h, 'SettlementProposed');
  const settlement = stream.slice('settlement-'.length);
  const { finance1, finance2 } = relief.keys;
  await h.accept({ type: 'PrepareSettlement', data: { settlement, withheldMinor: 0, releasedMinor: 0 }, private: {} }, [
    finance1,
  ]);
  expect(await h.refuse({ type: 'ApproveSettlement', data: { settlement, netMinor: 3_500 } }, [finance1])).toMatch(
    /maker|checker|officer/,
  );
  await h.accept({ type: 'ApproveSettlement', data: { settlement, netMinor: 3_500 } }, [finance2]);
  await startDay(h, relief, '2026-06-02');
  await startDay(h, relief, '2026-06-03');
  await h.accept({ type: 'InstructPayment', data: { settlement }, private: { instruction: 'pay-1' } }, [finance1]);
  await h.accept(
    {
      type: 'RecordPayment',
      data: { settlement, netMinor: 3_500, bankDay: '2026-06-03' },
      private: { bankReference: 'bank-1' },
    },
    [finance1],
  );
  await h.ledger.settle();
  expect((await state<SettlementState>(h, stream)).status).toBe('paid');
}

async function startDay(h: LedgerHarness, relief: Awaited<ReturnType<typeof openRelief>>, day: string): Promise<void> {
  await h.accept({ type: 'StartDay', data: { day } }, [relief.keys.service]);
  await h.ledger.checkpoint({ force: true });
}

async function state<S>(h: LedgerHarness, stream: string): Promise<S> {
  return (await h.ledger.stateOf(stream)).state as S;
}

async function balanceOf(h: LedgerHarness, voucher: string): Promise<number> {
  const { unspent } = await state<Exclude<VoucherState, { status: 'none' }>>(h, `voucher-${voucher}`);
  return unspent.reduce((sum, [, length]) => sum + length, 0);
}

async function typesIn(h: LedgerHarness): Promise<string[]> {
  const types: string[] = [];
  for await (const batch of h.store.readAll()) for (const { bytes } of batch) types.push(leaf(bytes).type);
  return types;
}

async function streamOf(h: LedgerHarness, type: string): Promise<string> {
  for await (const batch of h.store.readAll()) {
    for (const { bytes, stream } of batch) if (leaf(bytes).type === type) return stream;
  }
  throw new Error(`There is no ${type}.`);
}

function leaf(bytes: Uint8Array): { readonly type: string } {
  return JSON.parse(utf8DecodeOrThrow(bytes)) as { type: string };
}

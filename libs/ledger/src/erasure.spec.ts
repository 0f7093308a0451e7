import { describe, expect, it } from '@jest/globals';
import { utf8DecodeOrThrow } from '@aidtrail/envelope';
import { StoreUnavailable, type Append, type EventStore } from '@aidtrail/event-store';
import { createLedgerHarness, type LedgerHarness } from '@aidtrail/testing/ledger';
import { leavesOfType } from '@aidtrail/testing/reading';
import { claim, giveAndTransfer, issueBatch, openRelief, redemption } from '@aidtrail/testing/relief';
import { approveSettlement, cutOff, paySettlement, startDay } from '@aidtrail/testing/settling';

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

describe('erasing a household while another process sells to it', () => {
  it('pays the shop for a sale that was under way, though its key is gone when it is stored', async () => {
    const h = await createLedgerHarness();
    await eraseDuringSale(h, await openRelief(h));
    expect(await proposals(h)).toEqual([{ count: 1, grossMinor: 1_500 }]);
  });

  it('pays it also when the store fails twice just then', async () => {
    let faults = 0;
    let isErased = false;
    const failing = (store: EventStore) =>
      Object.assign(Object.create(store) as EventStore, {
        readStreams: async (names: readonly string[]) => {
          if (!isErased || faults === 2) return store.readStreams(names);
          faults += 1;
          throw new StoreUnavailable('no answer');
        },
      });
    const h = await createLedgerHarness({ wrapStore: failing });
    await eraseDuringSale(h, await openRelief(h), () => (isErased = true));
    expect(faults).toBe(2);
    expect(await proposals(h)).toEqual([{ count: 1, grossMinor: 1_500 }]);
  });

  /** Up to the settlement. */
  async function eraseDuringSale(h: Harness, relief: Relief, onErased: () => void = () => undefined): Promise<void> {
    await giveAndTransfer(h, relief, [200_000]);
    const { voucherIds } = await issueBatch(h, relief, { count: 1, faceMinor: 20_000 });
    const voucher = voucherIds[0] as string;
    const holder = await claim(h, relief, voucher);
    const isErased = signal();
    const isAppending = signal();
    const other = await createLedgerHarness({
      beside: h,
      wrapStore: (store) =>
        Object.assign(Object.create(store) as EventStore, {
          append: async (append: Append) => {
            isAppending.give();
            await isErased.given;
            return store.append(append);
          },
        }),
    });
    const sale = other.accept(redemption(relief, voucher, 1_500), [relief.keys.till, holder]);
    await isAppending.given;
    await h.ledger.whileKeepingBooks([voucher], () => {
      h.registers.erase(voucher);
      isErased.give();
      onErased();
      return Promise.resolve();
    });
    await sale;
    await cutOff(h, relief);
  }
});

describe('an erasure of which the books know nothing, after a restore or beside another process', () => {
  it('keeps the policies from nothing else: the others are paid, and it is reported', async () => {
    const reported: string[] = [];
    const h = await createLedgerHarness({ observer: { policyFault: (...what) => reported.push(what.join(' ')) } });
    const relief = await openRelief(h);
    await giveAndTransfer(h, relief, [200_000]);
    const { voucherIds } = await issueBatch(h, relief, { count: 2, faceMinor: 20_000 });
    for (const voucher of voucherIds)
      await h.accept(redemption(relief, voucher, 700), [relief.keys.till, await claim(h, relief, voucher)]);
    h.registers.erase(voucherIds[0] as string);
    await cutOff(h, relief);
    expect(await proposals(h)).toEqual([{ count: 1, grossMinor: 700 }]);
    expect(reported).toStrictEqual(['proposals merchant_erased']);
    expect(await h.ledger.policyPosition()).toBe(await h.store.head());
  });

  it('does not make a merchant forget a debt that the books kept', async () => {
    const h = await createLedgerHarness();
    const relief = await openRelief(h);
    await giveAndTransfer(h, relief, [200_000]);
    const { voucherIds } = await issueBatch(h, relief, { count: 1, faceMinor: 20_000 });
    const voucher = voucherIds[0] as string;
    const sold = await h.accept(redemption(relief, voucher, 700), [relief.keys.till, await claim(h, relief, voucher)]);
    const [settlement] = (await cutOff(h, relief)) as [string];
    const netMinor = await approveSettlement(h, relief, settlement);
    for (const day of ['2026-06-02', '2026-06-03']) await startDay(h, relief, day);
    await paySettlement(h, relief, { settlement, netMinor });
    const reversal = { voucher, redemption: sold, amountMinor: 700, reason: 'complaint' };
    await h.accept({ type: 'ReverseRedemption', data: reversal }, [relief.keys.finance1]);
    await h.ledger.whileKeepingBooks([voucher], () => Promise.resolve(h.registers.erase(voucher)));
    await h.ledger.settle();
    const { position } = (await leavesOfType(h.store, 'RedemptionReversed'))[0]?.stored ?? { position: -1 };
    expect((await h.memory.debtsOf(relief.merchant, position + 1)).eventIds).toHaveLength(1);
  });
});

type Harness = Awaited<ReturnType<typeof createLedgerHarness>>;
type Relief = Awaited<ReturnType<typeof openRelief>>;

function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give: () => void = () => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give };
}

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

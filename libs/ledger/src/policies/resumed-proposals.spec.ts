import { beforeEach, describe, expect, it } from '@jest/globals';
import { StoreUnavailable, type EventStore } from '@aidtrail/event-store';
import { hmacSha256, type Signer } from '@aidtrail/envelope';
import { createLedgerHarness, type HarnessInternals, type LedgerHarness } from '@aidtrail/testing/ledger';
import { leavesOfType } from '@aidtrail/testing/reading';
import {
  claim,
  giveAndTransfer,
  issueBatch,
  openMerchant,
  openRelief,
  redemption,
  type ReliefScenario,
} from '@aidtrail/testing/relief';
import { settlementProblems } from '@aidtrail/testing/settling';
import { settlementIdOf } from '../ids.js';

/** What a shop sold; in the order in which the shops' settlements are proposed, that of their ids. */
interface Sale {
  readonly merchant: string;
  readonly voucher: string;
  readonly amountMinor: number;
}

/**
 * A window in which three shops sold something, and a run of proposals that is cut off. By the time somebody goes on with it,
 * a household was erased whose shop nobody kept.
 */
describe('proposals that are taken up again by whoever knows fewer merchants', () => {
  let h: LedgerHarness & HarnessInternals;
  let sales: readonly [Sale, Sale, Sale];

  beforeEach(async () => {
    h = await createLedgerHarness();
    sales = await threeSales(h);
  });

  it.each([1, 2])('lose nobody’s after %s of them, and none comes twice', async (come) => {
    const dying = await beside(h, {
      afterProposals: come,
      act: () => Promise.reject(new StoreUnavailable('It ends.')),
    });
    await expect(dying.ledger.settle()).rejects.toThrow(StoreUnavailable);
    expect(await leavesOfType(h.store, 'SettlementProposed')).toHaveLength(come);
    h.registers.erase(sales[0].voucher);
    await h.ledger.settle();
    expect(await proposedMinor(h)).toStrictEqual(amounts(sales));
    expect(await settlementProblems(h)).toStrictEqual([]);
  });

  it('leave each shop’s next settlement the one before, also that of a shop nobody knows any more', async () => {
    const dying = await beside(h, { afterProposals: 1, act: () => Promise.reject(new StoreUnavailable('It ends.')) });
    await expect(dying.ledger.settle()).rejects.toThrow(StoreUnavailable);
    h.registers.erase(sales[0].voucher);
    await h.ledger.settle();
    const remembered = (await h.memory.settlementsBefore(2)).map(({ merchant }) => merchant);
    expect(new Set(remembered)).toStrictEqual(new Set(sales.map(({ merchant }) => merchant)));
    expect(remembered).toHaveLength(3);
  });

  it('lose nobody’s while two processes propose, of which one knows fewer', async () => {
    const other = await createLedgerHarness({ beside: h });
    const act = async (): Promise<void> => {
      h.registers.erase(sales[0].voucher);
      await other.ledger.settle();
    };
    const first = await beside(h, { afterProposals: 0, act });
    await first.ledger.settle();
    expect(await proposedMinor(h)).toStrictEqual(amounts(sales));
    expect(await settlementProblems(h)).toStrictEqual([]);
  });
});

/** Each shop sells to one household; then the window is cut off, and nobody has proposed anything yet. */
async function threeSales(h: LedgerHarness & HarnessInternals): Promise<readonly [Sale, Sale, Sale]> {
  const relief = await openRelief(h);
  await giveAndTransfer(h, relief, [100_000]);
  const { voucherIds } = await issueBatch(h, relief, { count: 3, faceMinor: 10_000 });
  const shops = [{ relief, till: relief.keys.till }, await anotherShop(h, relief), await anotherShop(h, relief)];
  const sales: Sale[] = [];
  for (const [i, shop] of shops.entries()) {
    const [voucher, amountMinor] = [voucherIds[i] as string, 100 + i];
    const holder = await claim(h, relief, voucher);
    await h.accept(redemption(shop.relief, voucher, amountMinor), [shop.till, holder]);
    sales.push({ merchant: shop.relief.merchant, voucher, amountMinor });
  }
  await h.ledger.checkpoint({ force: true });
  const { size } = await h.ledger.latestCheckpoint();
  await h.accept({ type: 'SetCutoff', data: { to: size } }, [relief.keys.service]);
  const idOf = ({ merchant }: Sale): string =>
    settlementIdOf(h.ledgerSecret, { merchant, fundingMode: 'merchant-funded', cutoff: 1 }, hmacSha256);
  return sales.sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1)) as [Sale, Sale, Sale];
}

async function anotherShop(
  h: LedgerHarness,
  relief: ReliefScenario,
): Promise<{ readonly relief: ReliefScenario; readonly till: Signer }> {
  const [merchant, store] = [h.entropy.uuid(), h.entropy.uuid()];
  const own = { ...relief, merchant, store };
  await openMerchant(h, own, { name: `Shop ${merchant}`, account: merchant });
  return { relief: own, till: await h.enroll('till', { private: { organisation: merchant, store } }) };
}

/** A process that, once, does something in the middle of proposing: before the first of them, or after so many. */
function beside(
  h: LedgerHarness & HarnessInternals,
  { afterProposals, act }: { readonly afterProposals: number; readonly act: () => Promise<void> },
): Promise<LedgerHarness> {
  let left = afterProposals;
  let hasActed = false;
  const once = async (): Promise<void> => {
    if (left > 0 || hasActed) return;
    hasActed = true;
    await act();
  };
  const interrupted = (store: EventStore): Pick<EventStore, 'append'> => ({
    append: async (append) => {
      const isProposal = append.stream.startsWith('settlement-');
      if (isProposal) await once();
      const outcome = await store.append(append);
      if (!isProposal) return outcome;
      left -= 1;
      if (afterProposals > 0) await once();
      return outcome;
    },
  });
  return createLedgerHarness({
    beside: h,
    wrapStore: (store) => Object.assign(Object.create(store) as EventStore, interrupted(store)),
  });
}

async function proposedMinor(h: LedgerHarness): Promise<readonly unknown[]> {
  const proposed = await leavesOfType(h.store, 'SettlementProposed');
  return proposed.map(({ leaf }) => leaf.data['grossMinor']).sort();
}

function amounts(sales: readonly Sale[]): readonly number[] {
  return sales.map(({ amountMinor }) => amountMinor).sort();
}

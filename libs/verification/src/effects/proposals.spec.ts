import { describe, expect, it } from '@jest/globals';
import { logOf, type ReadLog } from '@aidtrail/testing/forging';
import { createLedgerHarness, type HarnessInternals, type LedgerHarness } from '@aidtrail/testing/ledger';
import { leavesOf, leavesOfType } from '@aidtrail/testing/reading';
import { claim, giveAndTransfer, issueBatch, openMerchant, openRelief, redemption } from '@aidtrail/testing/relief';
import { auditOf } from '../audit/audit-of.testing.js';

describe('settlements that come in another order than their merchants', () => {
  it('are each held against their own merchant’s redemptions', async () => {
    const h = await createLedgerHarness();
    const { voucher, sold, merchant, opened } = await twoSales(h);
    // One cannot be read at first, and is known again when another process goes on.
    h.registers.erase(voucher);
    const dying = await createLedgerHarness({ beside: h, wrapStore: diesAfterProposal });
    await expect(dying.ledger.settle()).rejects.toThrow('The process ends here.');
    await h.memory.rememberMovement({ eventId: sold, merchant });
    await h.ledger.settle();
    const gross = (await leavesOfType(h.store, 'SettlementProposed')).map(({ leaf }) => leaf.data['grossMinor']);
    expect(gross).toStrictEqual([200, 100]);
    const log = await disclosedLog(h, opened);
    for (const disclosed of [false, true]) expect(auditOf(log, { disclosed }).findings).toStrictEqual([]);
  });
});

interface Sales {
  /** Of the shop that sold for 100; the other one sold for 200. */
  readonly voucher: string;
  readonly sold: string;
  readonly merchant: string;
  /** The log while everything could be read. */
  readonly opened: ReadLog;
}

async function twoSales(h: LedgerHarness): Promise<Sales> {
  const relief = await openRelief(h);
  await giveAndTransfer(h, relief, [10_000]);
  const { voucherIds } = await issueBatch(h, relief, { count: 2, faceMinor: 1_000 });
  const [merchant, store] = [h.entropy.uuid(), h.entropy.uuid()];
  const other = { ...relief, merchant, store };
  await openMerchant(h, other, { name: 'Other shop', account: 'other' });
  const till = await h.enroll('till', { private: { organisation: merchant, store } });
  const shops = [
    { of: relief, till: relief.keys.till },
    { of: other, till },
  ];
  const sold: string[] = [];
  for (const [i, shop] of shops.entries()) {
    const voucher = voucherIds[i] as string;
    const sale = redemption(shop.of, voucher, 100 * (i + 1));
    sold.push(await h.accept(sale, [shop.till, await claim(h, relief, voucher)]));
  }
  await h.ledger.checkpoint({ force: true });
  const { size } = await h.ledger.latestCheckpoint();
  await h.accept({ type: 'SetCutoff', data: { to: size } }, [relief.keys.service]);
  const first = shops[0] as (typeof shops)[number];
  const opened = await logOf(h);
  return { voucher: voucherIds[0] as string, sold: sold[0] as string, merchant: first.of.merchant, opened };
}

type Store = LedgerHarness['store'];

function diesAfterProposal(store: Store): Store {
  const append: Store['append'] = async (request) => {
    const outcome = await store.append(request);
    if (request.stream.startsWith('settlement-')) throw new Error('The process ends here.');
    return outcome;
  };
  return Object.assign(Object.create(store) as Store, { append });
}

/** What came since with its disclosures, and what was there with those that could be read then. */
async function disclosedLog(h: LedgerHarness & HarnessInternals, opened: ReadLog): Promise<ReadLog> {
  const stored = (await leavesOf(h.store)).map((one) => one.stored);
  const later = await Promise.all(stored.slice(opened.leaves.length).map((event) => h.disclosuresOf(event)));
  const leaves = stored.map(({ bytes }) => bytes);
  return { origin: h.origin, leaves, disclosures: [...opened.disclosures, ...later] };
}

import { describe, expect, it } from '@jest/globals';
import type { EventStore } from '@aidtrail/event-store';
import type { FundState } from '@aidtrail/domain';
import { createLedgerHarness } from '@aidtrail/testing/ledger';
import { followTheMoney } from '@aidtrail/testing/reading';
import { give, openRelief } from '@aidtrail/testing/relief';

describe('a refund', () => {
  it('is paid out or given up, whichever is handed in first, and never both', async () => {
    const h = await createLedgerHarness();
    const relief = await openRelief(h);
    const { finance1, finance2 } = relief.keys;
    const { netMinor } = await give(h, relief, [10_000]);
    const donation = await onlyDonation(h.store);
    const fund = relief.generalFund;
    const before = (await h.ledger.stateOf(`fund-${fund}`)).state as FundState & { readonly free: readonly unknown[] };
    const refund = h.entropy.uuid();
    await h.accept(
      { type: 'ReserveRefund', data: { fund, refund, segments: before.free }, private: { donation } } as never,
      [finance1],
    );
    const pay = {
      type: 'RefundDonation',
      data: { donation, refund, amountMinor: netMinor, funds: [fund] },
      private: { bankReference: 'B-1' },
    } as never;
    const results = await Promise.all([
      h.submit(pay, [finance1, finance2]),
      h.submit({ type: 'ReleaseRefund', data: { fund, refund } }, [finance1]),
    ]);
    expect(results.map(({ kind }) => kind)).toEqual(['accepted', 'refused']);
    await h.ledger.settle();
    expect((await followTheMoney(h.store)).problems).toStrictEqual([]);
  });
});

async function onlyDonation(store: EventStore): Promise<string> {
  for await (const batch of store.readAll()) {
    for (const { stream } of batch) if (stream.startsWith('donation-')) return stream.slice('donation-'.length);
  }
  throw new Error('No donation was recorded.');
}

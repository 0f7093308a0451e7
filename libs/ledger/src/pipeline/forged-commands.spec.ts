import { describe, expect, it } from '@jest/globals';
import type { EventStore } from '@aidtrail/event-store';
import type { SignedCommand } from '@aidtrail/envelope';
import { createLedgerHarness } from '@aidtrail/testing/ledger';
import { claim, giveAndTransfer, issueBatch, openRelief, redemption } from '@aidtrail/testing/relief';

/** The same store; names the streams that are read. */
function listening(store: EventStore, read: string[]): EventStore {
  return Object.assign(Object.create(store) as EventStore, {
    readStream: (...of: Parameters<EventStore['readStream']>) => {
      read.push(of[0]);
      return store.readStream(...of);
    },
  });
}

describe('a command that its actor did not sign', () => {
  it('makes the store work no more than one that is accepted, also where its stream would refuse it', async () => {
    const read: string[] = [];
    const h = await createLedgerHarness({ wrapStore: (store) => listening(store, read) });
    const relief = await openRelief(h);
    await giveAndTransfer(h, relief, [20_000]);
    const [voucher] = (await issueBatch(h, relief, { count: 1, faceMinor: 10_000 })).voucherIds as [string];
    const holder = await claim(h, relief, voucher);
    const signers = [relief.keys.till, holder];
    // From here on this process knows the till, the merchant and the campaign.
    await h.accept(redemption(relief, voucher, 1), signers);
    const readsOf = async (signed: SignedCommand) => {
      read.length = 0;
      const result = await h.ledger.handle(signed);
      return { code: result.code, reads: [...read] };
    };
    const [fits, tooMuch] = await Promise.all([100, 99_999].map((amount) => h.sign(redemption(relief, voucher, amount), signers))); // prettier-ignore
    const forged = { ...tooMuch!, sigs: fits!.sigs };

    const once = [`voucher-${voucher}`];
    expect(await readsOf(fits!)).toEqual({ code: 'accepted', reads: once });
    expect(await readsOf(forged)).toEqual({ code: 'signature_invalid', reads: once });
    // What was signed is worth looking again.
    const refused = await readsOf(tooMuch!);
    expect(refused.code).toBe('insufficient_balance');
    expect(refused.reads.length).toBeGreaterThan(once.length);
  });
});

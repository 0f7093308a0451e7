import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { createLedgerHarness, newSigner, publicKeyOf, type LedgerHarness } from '@aidtrail/testing/ledger';
import {
  claim,
  give,
  giveAndTransfer,
  issueBatch,
  openRelief,
  redemption,
  type ReliefScenario,
} from '@aidtrail/testing/relief';

/** Two processes on one store. The second has folded what it needs, and hears of nothing that the first writes. */
describe('a process that has not heard of another one’s event', () => {
  let first: LedgerHarness;
  let second: LedgerHarness;
  let relief: ReliefScenario;

  beforeEach(async () => {
    const shared = await createLedgerHarness();
    first = shared;
    relief = await openRelief(first);
    const old = await shared.checkpoints.latest();
    const checkpoints = { ...shared.checkpoints, latest: () => Promise.resolve(old) };
    second = await createLedgerHarness({ beside: { ...shared, checkpoints } });
  });

  it('refuses nobody for a key that has been approved meanwhile', async () => {
    const officer = newSigner();
    const data = { publicKey: publicKeyOf(officer), role: 'programme', officer: 'programme-9' };
    await first.accept({ type: 'EnrollKey', data }, [first.roots[0]]);
    const open = () => ({
      type: 'OpenProgramme',
      data: { programme: randomUUID(), name: 'Relief', approvalTiers: [{ approvals: 1 }] },
    });
    expect(await second.refuse(open(), [officer])).toBe('key_not_approved');
    await first.accept({ type: 'ApproveKey', data: { key: officer.keyId } }, [first.roots[1]]);
    await second.accept(open(), [officer]);
  });

  it('refuses no transfer for money that has arrived meanwhile', async () => {
    const send = {
      type: 'SendTransfer',
      data: { fund: relief.generalFund, toFund: relief.campaignFund, amountMinor: 500 },
    };
    expect(await second.refuse(send, [relief.keys.finance1])).toBe('insufficient_funds');
    await give(first, relief, [1_000]);
    await second.accept(send, [relief.keys.finance1]);
  });

  it('refuses no sale at a merchant whose suspension has been lifted meanwhile', async () => {
    await giveAndTransfer(first, relief, [10_000]);
    const { voucherIds } = await issueBatch(first, relief, { count: 1, faceMinor: 1_000 });
    const voucher = voucherIds[0] as string;
    const holder = await claim(first, relief, voucher);
    await second.accept(redemption(relief, voucher, 10), [relief.keys.till, holder]);
    const suspend = { type: 'SuspendMerchant', data: { merchant: relief.merchant, reason: 'goods-check' } };
    await second.accept(suspend, [relief.keys.finance1]);
    expect(await second.refuse(redemption(relief, voucher, 10), [relief.keys.till, holder])).toBe(
      'merchant_not_approved',
    );
    for (const officer of [relief.keys.finance1, relief.keys.finance2])
      await first.accept({ type: 'ApproveMerchant', data: { merchant: relief.merchant, holdDays: 2 } }, [officer]);
    await second.accept(redemption(relief, voucher, 10), [relief.keys.till, holder]);
  });

  it('refuses no cut-off at a checkpoint that has been signed meanwhile', async () => {
    const signed = await first.ledger.checkpoint({ force: true });
    await second.accept({ type: 'SetCutoff', data: { to: signed?.size ?? 0 } }, [relief.keys.service]);
  });

  it('still refuses what the store refuses, once and for good', async () => {
    const id = randomUUID();
    const data = { fund: relief.generalFund, toFund: relief.campaignFund, amountMinor: 500 };
    const signed = await second.sign({ type: 'SendTransfer', id, data }, [relief.keys.finance1]);
    const refused = await second.ledger.handle(signed);
    expect(refused).toMatchObject({ kind: 'refused', code: 'insufficient_funds' });
    await giveAndTransfer(first, relief, [1_000]);
    expect(await first.ledger.handle(signed)).toMatchObject({ kind: 'refused', code: 'insufficient_funds' });
  });
});

import { beforeAll, describe, expect, it } from '@jest/globals';
import { Forger } from '@aidtrail/testing/forging';
import { createLedgerHarness, hashOf, type LedgerHarness } from '@aidtrail/testing/ledger';
import {
  claim,
  giveAndTransfer,
  issueBatch,
  openRelief,
  redemption,
  type ReliefScenario,
} from '@aidtrail/testing/relief';
import { approveSettlement, cutOff, startDay } from '@aidtrail/testing/settling';
import { auditOf } from '../audit/audit-of.testing.js';
import { ownFindings } from './own-findings.testing.js';

let h: LedgerHarness;
let relief: ReliefScenario;
let settlement: string;
let netMinor: number;
let account: string;

/** One sale, settled and approved; the bank has not been told to pay. */
beforeAll(async () => {
  h = await createLedgerHarness();
  relief = await openRelief(h);
  await giveAndTransfer(h, relief, [200_000]);
  const { voucherIds } = await issueBatch(h, relief, { count: 1, faceMinor: 20_000 });
  const voucher = voucherIds[0] as string;
  await h.accept(redemption(relief, voucher, 700), [relief.keys.till, await claim(h, relief, voucher)]);
  settlement = (await cutOff(h, relief))[0] as string;
  netMinor = await approveSettlement(h, relief, settlement);
  for (const day of ['2026-06-02', '2026-06-03']) await startDay(h, relief, day);
  account = ((await h.ledger.stateOf(`merchant-${relief.merchant}`)).state as { bankDigest: string }).bankDigest;
});

/** What an audit finds once the bank was told to pay to this account; without disclosures, and with them. */
async function findingsOf(bankDigest: string) {
  const forger = await Forger.at(h);
  const command = { type: 'InstructPayment', data: { settlement }, private: { instruction: 'pain-1' } };
  const merchant = `merchant-${relief.merchant}`;
  await forger.act(command, [relief.keys.finance1], {
    type: 'PaymentInstructed',
    stream: `settlement-${settlement}`,
    data: { netMinor, officer: 'finance-1' },
    private: { bankDigest, facts: [[merchant, forger.versionOf(merchant)]] },
  });
  const of = (disclosed: boolean) => ownFindings(auditOf(forger.log, { disclosed }).findings);
  return { forPublic: of(false), withDisclosures: of(true) };
}

describe('the account that the bank was told to pay', () => {
  it('is the merchant’s own', async () => {
    expect(await findingsOf(account)).toStrictEqual({ forPublic: [], withDisclosures: [] });
  });

  it('shows to whoever has the disclosures, and to nobody else, if it is another', async () => {
    const { forPublic, withDisclosures } = await findingsOf(hashOf('of a friend'));
    expect(forPublic).toStrictEqual([]);
    expect(withDisclosures).toMatchObject([{ code: 'disclosure_differs', actual: 'private.bankDigest' }]);
    expect(JSON.stringify(withDisclosures)).not.toContain(hashOf('of a friend'));
  });
});

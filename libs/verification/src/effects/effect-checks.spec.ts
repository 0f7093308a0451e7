import { describe, expect, it } from '@jest/globals';
import { policyTriggers } from '@aidtrail/domain';
import type { JsonObject } from '@aidtrail/envelope';
import { createLedgerHarness, type LedgerHarness, type TestCommand } from '@aidtrail/testing/ledger';
import { leavesOf, leavesOfType } from '@aidtrail/testing/reading';
import { claim, give, issueBatch, openRelief, redemption, type ReliefScenario } from '@aidtrail/testing/relief';
import { cutOff, startDay } from '@aidtrail/testing/settling';
import { checkLeaves, openLeavesOf, type OpenLeaf } from './folding.testing.js';
import { fullLife } from './full-life.testing.js';

const sumOf = (amounts: Readonly<Record<string, number>>): number =>
  Object.values(amounts).reduce((sum, one) => sum + one, 0);

async function typesIn(h: LedgerHarness): Promise<ReadonlySet<string>> {
  return new Set((await leavesOf(h.store)).map(({ leaf }) => leaf.type));
}

/** A campaign whose merchants the wallet provider pays, out of the general fund. */
async function openPrepaid(h: LedgerHarness, relief: ReliefScenario): Promise<ReliefScenario> {
  const campaign = h.entropy.uuid();
  const { name, phase, hazard, region, purpose } = (await leavesOfType(h.store, 'CampaignOpened'))[0]?.leaf.data ?? {};
  const terms = { firstDay: '2026-06-01', lastDay: '2026-06-03', fundingMode: 'prepaid', assistedAllowed: true };
  const { programme, generalFund } = relief;
  const data = { campaign, programme, fund: generalFund, name, phase, hazard, region, purpose, terms } as JsonObject;
  await h.accept({ type: 'OpenCampaign', data }, [relief.keys.programme1]);
  return { ...relief, campaign, campaignFund: generalFund };
}

/** Every second fen of the first 1,000 of a gift is set aside, so that the others lie in pieces. */
async function scatter(h: LedgerHarness, relief: ReliefScenario): Promise<void> {
  const donation = (await leavesOfType(h.store, 'DonationReceived'))[0]?.leaf.stream.slice('donation-'.length) ?? '';
  const segments = Array.from({ length: 500 }, (_, i) => [2 * i + 1, 1]);
  const data = { fund: relief.generalFund, refund: h.entropy.uuid(), segments };
  await h.accept({ type: 'ReserveRefund', data, private: { donation } }, [relief.keys.finance1]);
}

describe('the log of a ledger in which every policy had something to do', () => {
  it('has no finding and nothing pending, with disclosures and without; its money is told by state', async () => {
    const h = await fullLife();
    const types = await typesIn(h);
    for (const { events } of Object.values(policyTriggers)) for (const type of events) expect(types).toContain(type);
    const leaves = await openLeavesOf(h);
    const disclosed = checkLeaves(leaves.disclosed, true);
    expect(disclosed.findings).toStrictEqual([]);
    expect(checkLeaves(leaves.public)).toStrictEqual(disclosed);
    const { summary } = disclosed;
    expect(summary).toMatchObject({
      intakeMinor: 140_434,
      outstandingMinor: 0,
      paidMinor: 14_500 + 0 + 1_800,
      states: {
        in_transit: 0,
        committed: 0,
        redeemed: 14_500 - 1_700 + 1_000 + 2_500,
        recoverable: 0,
        refunded: 38_800,
      },
      pendingEffects: {},
      windows: [
        { number: 1, settlements: 1, moved: { count: 3, grossMinor: 15_000, reversalsMinor: 500 } },
        { number: 2, settlements: 1, moved: { count: 1, grossMinor: 1_000, recoverableMinor: 1_700 } },
        { number: 3, settlements: 1, moved: { count: 1, grossMinor: 2_500, reversalsMinor: 0 } },
      ],
    });
    expect(sumOf(summary.states)).toBe(summary.intakeMinor);
    expect(sumOf(summary.balances)).toBe(0);
    expect(summary.funds.map(({ states }) => sumOf(states)).reduce((a, b) => a + b)).toBe(summary.intakeMinor);
  });

  it('says what is pending, by policy, where it is cut off between a cause and its effects', async () => {
    const { disclosed } = await openLeavesOf(await fullLife());
    const pendingAfter = (type: string): Readonly<Record<string, number>> => {
      const end = disclosed.findIndex(({ leaf }) => leaf.type === type);
      const { findings, summary } = checkLeaves(disclosed.slice(0, end + 1), true);
      expect(findings).toStrictEqual([]);
      return summary.pendingEffects;
    };
    expect(pendingAfter('IntakeReceived')).toStrictEqual({ intake: 1 });
    expect(pendingAfter('FeeReceived')).toStrictEqual({ intake: 1 });
    expect(pendingAfter('TransferSent')).toStrictEqual({ transfer: 1 });
    expect(pendingAfter('BatchApproved')).toStrictEqual({ 'batch-funding': 1 });
    expect(pendingAfter('BatchFunded')).toStrictEqual({ issuance: 1 });
    expect(pendingAfter('VoucherIssued')).toStrictEqual({ issuance: 1 });
    expect(pendingAfter('CutoffSet')).toStrictEqual({ proposals: 1 });
    expect(pendingAfter('VoucherCancelled')).toStrictEqual({ returns: 1 });
    expect(pendingAfter('VoucherExpired')).toStrictEqual({ expiry: 1 });
    expect(pendingAfter('BatchCompleted')).toStrictEqual({});
  });

  it('has money in more pieces than one event holds, and vouchers that the wallet provider pays for', async () => {
    const h = await createLedgerHarness();
    const relief = await openPrepaid(h, await openRelief(h));
    const { till, finance1, programme1 } = relief.keys;
    await give(h, relief, [20_000]);
    await scatter(h, relief);
    const { voucherIds } = await issueBatch(h, relief, { count: 501, faceMinor: 3 });
    const [first = '', second = ''] = voucherIds;
    const redeemed = await h.accept(redemption(relief, first, 2), [till, await claim(h, relief, first)]);
    await h.accept(reversalOf(first, redeemed, 1), [finance1]);
    await h.accept({ type: 'CancelVoucher', data: { voucher: second, reason: 'moved-away' } }, [programme1]);
    expect(await cutOff(h, relief)).toStrictEqual([]);
    await startDay(h, relief, '2026-06-04');
    await h.accept(reversalOf(first, redeemed, 1), [finance1]);
    await h.ledger.settle();
    for (const type of ['BatchFunded', 'CutoffSet']) expect(await leavesOfType(h.store, type)).not.toHaveLength(0);
    expect(await leavesOfType(h.store, 'BatchFunded')).toHaveLength(2);
    const leaves = await openLeavesOf(h);
    const disclosed = checkLeaves(leaves.disclosed, true);
    expect(disclosed.findings).toStrictEqual([]);
    expect(disclosed.summary).toMatchObject({ pendingEffects: {}, windows: [{ settlements: 0, moved: { count: 0 } }] });
    expect(checkLeaves(leaves.public)).toStrictEqual(disclosed);
    const lastPart = leaves.public.findLastIndex(({ leaf }) => leaf.type === 'BatchFunded');
    const cut = checkLeaves(leaves.public.slice(0, lastPart));
    expect(cut).toMatchObject({ findings: [], summary: { pendingEffects: { 'batch-funding': 1 } } });
    const parted = leaves.public.map((open, i) => (i === lastPart ? (leaves.public[0] as OpenLeaf) : open));
    expect(checkLeaves(parted).findings).toContainEqual(
      expect.objectContaining({ code: 'effect_missing', expected: 2, actual: 1 }),
    );
  });

  it('leaves what some disclosures do not tell unchecked, and finds nothing in it', async () => {
    const { disclosed } = await openLeavesOf(await fullLife());
    const types = [...new Set(disclosed.flatMap((one) => (one.private === undefined ? [] : [one.leaf.type])))];
    for (const type of types) {
      const leaves = disclosed.map((one) => (one.leaf.type === type ? { leaf: one.leaf } : one));
      expect({ type, findings: checkLeaves(leaves, true).findings }).toStrictEqual({ type, findings: [] });
      const only = disclosed.map((one) => (one.leaf.type === type ? one : { leaf: one.leaf }));
      expect({ type, findings: checkLeaves(only, true).findings }).toStrictEqual({ type, findings: [] });
    }
  });
});

function reversalOf(voucher: string, redeemed: string, amountMinor: number): TestCommand {
  const data = { voucher, redemption: redeemed, amountMinor, reason: 'returned-goods' };
  return { type: 'ReverseRedemption', data };
}

import { beforeAll, describe, expect, it } from '@jest/globals';
import { sha1, sha256, utf8DecodeOrThrow } from '@aidtrail/envelope';
import { liveAmongNeighbours } from '@aidtrail/testing/neighbours';
import { leavesOf, leavesOfType } from '@aidtrail/testing/reading';
import { LedgerAudit } from '../audit/ledger-audit.js';
import { PrivacyCheck } from './privacy-check.js';
import type { PrivacySummary } from './privacy-summary.js';

async function privacyOf(given: { readonly isPaid: boolean }): Promise<PrivacySummary> {
  const h = await liveAmongNeighbours(given);
  const privacy = new PrivacyCheck();
  const findings: unknown[] = [];
  const audit = new LedgerAudit({
    ...{ origin: h.origin, sha256, sha1, onSignature: () => undefined },
    report: (finding) => findings.push(finding),
    moreChecks: [privacy],
  });
  for (const { stored } of await leavesOf(h.store)) audit.take(stored.bytes);
  audit.end();
  expect(findings).toStrictEqual([]);
  return privacy.summary();
}

describe('what somebody who saw one purchase learns', () => {
  let seen: PrivacySummary;
  let paid: PrivacySummary;
  beforeAll(async () => {
    seen = await privacyOf({ isPaid: false });
    paid = await privacyOf({ isPaid: true });
  });

  it('is less, the more vouchers have a redemption that looks the same', () => {
    expect(seen).toMatchObject({ redemptions: 25, vouchers: 17 });
    expect(seen.byAmount.crowds).toStrictEqual({ one: 2, twoToFour: 8, fiveToNine: 5, tenOrMore: 10 });
  });

  it('is more, the more of it was seen', () => {
    expect(seen.byCounty.crowds).toStrictEqual({ one: 3, twoToFour: 7, fiveToNine: 5, tenOrMore: 10 });
    expect(seen.byTill.crowds).toStrictEqual({ one: 4, twoToFour: 6, fiveToNine: 5, tenOrMore: 10 });
  });

  it('is also what the other entries of the voucher tell', () => {
    expect(seen.byAmount.singledOut).toStrictEqual({
      ...{ vouchers: 1, otherRedemptions: 2, withOtherRedemptions: 1, onSeveralDays: 1, mostRedemptions: 3 },
      ...{ helped: 0, withMoneyLeft: 1 },
    });
    expect(seen.byCounty.singledOut).toStrictEqual({
      ...{ vouchers: 2, otherRedemptions: 2, withOtherRedemptions: 1, onSeveralDays: 1, mostRedemptions: 3 },
      ...{ helped: 1, withMoneyLeft: 2 },
    });
    expect(seen.byTill.singledOut).toStrictEqual({
      ...{ vouchers: 3, otherRedemptions: 3, withOtherRedemptions: 2, onSeveralDays: 2, mostRedemptions: 3 },
      ...{ helped: 1, withMoneyLeft: 2 },
    });
  });

  it('is told campaign by campaign', () => {
    expect(seen.campaigns).toMatchObject([
      {
        ...{ name: 'Flood recovery', county: '522632', redemptions: 20, vouchers: 14 },
        ...{ byAmount: 0, byCounty: 0, byTill: 2 },
      },
      {
        ...{ name: 'Typhoon warning', county: '460105', redemptions: 5, vouchers: 3 },
        ...{ byAmount: 1, byCounty: 2, byTill: 1 },
      },
    ]);
  });

  it('is the shop, where the sums of its only till are those of a settlement that names the merchant', () => {
    expect(seen.tills).toStrictEqual({ tills: 2, fittingOneSettlement: 2, namedMerchant: 1, redemptionsAtNamed: 18 });
  });

  it('is no other shop where a settlement of few redemptions was paid', () => {
    expect(paid.tills).toStrictEqual(seen.tills);
  });
});

describe('the payment of a settlement', () => {
  it('shows in no leaf the digest of the account that stands beside the merchant’s name', async () => {
    const { store } = await liveAmongNeighbours({ isPaid: true });
    expect(await leavesOfType(store, 'PaymentInstructed')).not.toHaveLength(0);
    const accounts = new Set(
      (await leavesOfType(store, 'MerchantApplied')).map(({ leaf }) => leaf.data['bankDigest'] as string),
    );
    const naming = (await leavesOf(store)).filter(({ stored }) => {
      const text = utf8DecodeOrThrow(stored.bytes);
      return [...accounts].some((account) => text.includes(account));
    });
    expect(new Set(naming.map(({ leaf }) => leaf.type))).toStrictEqual(new Set(['MerchantApplied']));
  });
});

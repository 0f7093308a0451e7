import { beforeAll, describe, expect, it } from '@jest/globals';
import { auditOf } from '../audit/audit-of.testing.js';
import { Forger } from '@aidtrail/testing/forging';
import { Lines } from '@aidtrail/testing/forged-lines';
import { ownFindings } from './own-findings.testing.js';
import { openStage, type Stage } from '@aidtrail/testing/forging-stage';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});

const DISCLOSED = { disclosed: true };

describe('a fact that only a disclosure names', () => {
  const shop = (lines: Lines, version: number) => ({
    ...lines.redeemed(100).private,
    facts: [[`merchant-${stage.relief.merchant}`, version]],
  });

  it.each([
    ['in a version that is yet to come', 9, { code: 'fact_unknown', subject: 'merchant', actual: 9 }],
    ['before the merchant was approved', 3, { code: 'rule_broken', expected: 'merchant_not_approved' }],
  ])('%s shows with disclosures, and says nothing of whom it is about', async (_what, version, found) => {
    const forger = await Forger.at(stage.h);
    const lines = new Lines(stage);
    await forger.act(lines.redeem(100), lines.signers, { ...lines.redeemed(100), private: shop(lines, version) });
    const { findings } = auditOf(forger.log, DISCLOSED);
    expect(ownFindings(findings)).toMatchObject([found]);
    expect(JSON.stringify(findings)).not.toContain(stage.relief.merchant);
    expect(ownFindings(auditOf(forger.log).findings)).toStrictEqual([]);
  });

  it('shows if a reversal rests on the settlement of another window', async () => {
    const forger = await Forger.at(stage.h);
    const { voucher, campaign, finance } = new Lines(stage);
    const reversal = { voucher: stage.voucher, redemption: stage.spent, amountMinor: 100, reason: 'wrong-goods' };
    const event = {
      type: 'RedemptionReversed',
      stream: voucher,
      data: {
        ...{ redemption: stage.spent, batch: stage.batch, fund: stage.relief.campaignFund, amountMinor: 100 },
        ...{ segments: [[1_100, 100]], to: 'voucher', reason: 'wrong-goods', fundingMode: 'merchant-funded' },
      },
      facts: [campaign, 'cutoff-main'],
    };
    const hidden = (settlement: string) => ({
      merchant: stage.relief.merchant,
      facts: [[`settlement-${settlement}`, 1]],
    });
    await forger.act({ type: 'ReverseRedemption', data: reversal }, [finance], {
      ...event,
      private: hidden(stage.settlement),
    });
    expect(ownFindings(auditOf(forger.log, DISCLOSED).findings)).toStrictEqual([]);
    const other = await Forger.at(stage.h);
    const settlement = stage.h.entropy.uuid();
    other.append({
      ...{ type: 'SettlementProposed', stream: `settlement-${settlement}`, command: { ref: stage.spent } },
      data: {
        ...{ cutoff: 2, window: [1, 2], fundingMode: 'merchant-funded', count: 0, grossMinor: 0 },
        ...{ reversalsMinor: 0, recoverableMinor: 0 },
      },
      private: { merchant: stage.relief.merchant },
    });
    await other.act({ type: 'ReverseRedemption', data: reversal }, [finance], {
      ...event,
      private: hidden(settlement),
    });
    expect(ownFindings(auditOf(other.log, DISCLOSED).findings)).toMatchObject([
      { code: 'fact_missing', subject: 'settlement' },
    ]);
  });

  it('shows if it is not disclosed with the rest', async () => {
    const forger = await Forger.at(stage.h);
    const lines = new Lines(stage);
    const { facts: _, ...others } = shop(lines, 5);
    await forger.act(lines.redeem(100), lines.signers, { ...lines.redeemed(100), private: others });
    expect(ownFindings(auditOf(forger.log, DISCLOSED).findings)).toMatchObject([
      { code: 'fact_missing', subject: 'merchant' },
    ]);
  });
});

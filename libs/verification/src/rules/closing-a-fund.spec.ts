import { describe, expect, it } from '@jest/globals';
import { createLedgerHarness } from '@aidtrail/testing/ledger';
import { reserveRefund } from '@aidtrail/testing/refunds';
import { give, openRelief } from '@aidtrail/testing/relief';
import { Forger, logOf } from '@aidtrail/testing/forging';
import { auditOf } from '../audit/audit-of.testing.js';
import { ownFindings } from './own-findings.testing.js';

/** A fund whose only money is reserved for a refund. */
async function reservedFund() {
  const h = await createLedgerHarness();
  const relief = await openRelief(h);
  await give(h, relief, [10_000]);
  const refund = await reserveRefund(h, relief, relief.generalFund);
  return { h, relief, refund };
}

describe('a fund that is closed while a refund from it is reserved', () => {
  it('is closed rightly once that was paid, which without disclosures is assumed and told as not checked', async () => {
    const { h, relief, refund } = await reservedFund();
    const close = { type: 'CloseFund', data: { fund: relief.generalFund } };
    expect(await h.refuse(close, [relief.keys.finance1])).toBe('refund_pending');
    await h.accept(refund.pay, [relief.keys.finance1, relief.keys.finance2]);
    await h.accept(close, [relief.keys.finance1]);
    const log = await logOf(h);
    const open = auditOf(log);
    expect(open.findings).toStrictEqual([]);
    expect(open.summary.notChecked).toMatchObject({ refund_pending: 1 });
    const disclosed = auditOf(log, { disclosed: true });
    expect(disclosed.findings).toStrictEqual([]);
    expect(disclosed.summary.notChecked).not.toHaveProperty('refund_pending');
  });

  it('is found with disclosures if it was not paid; without them nothing can be said', async () => {
    const { h, relief, refund } = await reservedFund();
    const { donation } = refund.reserve.private as { readonly donation: string };
    const forger = await Forger.at(h);
    const stream = `fund-${relief.generalFund}`;
    await forger.act({ type: 'CloseFund', data: { fund: relief.generalFund } }, [relief.keys.finance1], {
      ...{ type: 'FundClosed', stream, data: { officer: 'finance-1' } },
      private: { facts: [[`donation-${donation}`, 1]] },
    });
    const leaf = forger.leaves.length - 1;
    const open = auditOf(forger.log);
    expect(ownFindings(open.findings)).toStrictEqual([]);
    expect(open.summary.notChecked).toMatchObject({ refund_pending: 1 });
    expect(ownFindings(auditOf(forger.log, { disclosed: true }).findings)).toContainEqual(
      expect.objectContaining({ code: 'rule_broken', leaf, subject: stream, expected: 'refund_pending' }),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import type { NeighbourView, PrivacySummary } from '@aidtrail/verification';
import type { AuditReport } from './audit-report.js';
import { htmlPrivacy } from './html-privacy.js';
import { privacyLines } from './text-privacy.js';

const hostile = '<script>alert(1)</script>"\'&';

const view = (one: number, vouchers: number): NeighbourView => ({
  crowds: { one, twoToFour: 2, fiveToNine: 3, tenOrMore: 4_000 },
  singledOut: {
    ...{ vouchers, otherRedemptions: 5, withOtherRedemptions: 6, onSeveralDays: 7, mostRedemptions: 8 },
    ...{ helped: 9, withMoneyLeft: 10 },
  },
});

const campaign = (number: number) => ({
  ...{ campaign: `id-${number}`, name: number === 29 ? hostile : `Campaign ${number}`, county: '522632' },
  ...{ redemptions: 1, vouchers: 1, byAmount: 0, byCounty: 0, byTill: number },
});

const privacy: PrivacySummary = {
  ...{ redemptions: 8_000, vouchers: 900 },
  ...{ byAmount: view(1, 1), byCounty: view(1_000, 90), byTill: view(2_000, 450) },
  tills: { tills: 11, fittingOneSettlement: 4, namedMerchant: 3, redemptionsAtNamed: 1_234 },
  campaigns: Array.from({ length: 30 }, (_, number) => campaign(number)),
};

const told = (given: AuditReport['privacy']) => {
  const report = (given === undefined ? {} : { privacy: given }) as AuditReport;
  return { text: privacyLines(report).join('\n'), page: htmlPrivacy(report) };
};

describe('the section on privacy', () => {
  it('gives each view its redemptions and vouchers, with their shares', () => {
    const { text, page } = told(privacy);
    for (const shown of ['1 (0.0 %)', '1 (0.1 %)', '1,000 (12.5 %)', '90 (10.0 %)', '2,000 (25.0 %)', '450 (50.0 %)']) {
      expect(text).toContain(shown);
      expect(page).toContain(shown);
    }
  });

  it('tells of the campaigns with the most vouchers singled out, and shows names as text', () => {
    const { text, page } = told(privacy);
    expect(text).toContain('Campaign 10 (522632)');
    expect(text).not.toContain('Campaign 9 (522632)');
    expect(page).not.toContain(hostile);
    expect(page).toContain('&#60;script&#62;alert(1)');
  });

  it('is not there unless it was asked for', () => {
    expect(told(undefined)).toStrictEqual({ text: '', page: '' });
  });

  it('says that nothing was counted where the audit did not go to the end, instead of naught', () => {
    const { text, page } = told('not_counted');
    expect(text).toContain('Not counted');
    expect(page).toContain('没有计数');
    expect(page).not.toContain('<table');
  });

  it('says that there is nothing to find before the first redemption', () => {
    const { text, page } = told({ ...privacy, redemptions: 0, vouchers: 0, campaigns: [] });
    expect(text).toContain('no redemptions yet');
    expect(text + page).not.toContain('%');
  });
});

import { describe, expect, it } from '@jest/globals';
import type { AuditReport } from './audit-report.js';
import { htmlReport } from './html-report.js';
import { textReport } from './text-report.js';

const hostile = '<script>alert(1)</script>"\'&';
const report: AuditReport = {
  v: 1,
  result: 'findings',
  scope: 'public',
  origin: hostile,
  checkpoint: { size: 1_234_567, root: 'root', hasRoot: false },
  witnessed: {
    asked: true,
    size: 1_000,
    isIndependent: false,
    by: [{ name: hostile, at: '2026-11-28T00:00:00.000Z', loopback: true }],
  },
  openingPinned: true,
  counts: {
    ...{ files: 1, bytes: 2, entries: 3, entriesByRules: 3, anchors: 4, streams: 5, vouchers: 6, days: 7 },
    signatures: { ledger: 1, actor: 2, second: 3 },
  },
  pendingEffects: {},
  notChecked: { [hostile]: 1 },
  findingCounts: { root_differs: 1_500 },
  findings: Array.from({ length: 1_000 }, () => ({
    ...{ code: 'root_differs' as const, level: 'L1' as const, zh: '根不同', en: 'The root differs.' },
    ...{ leaf: 5, subject: hostile, expected: hostile, actual: hostile },
  })),
  fraudProofs: ['fraud-01-two-roots.json'],
};

describe('a page for a board', () => {
  const page = htmlReport(report);

  it('is one page that needs nothing else: no script, no address', () => {
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|https?:/i);
    expect(page).toContain("default-src 'none'");
  });

  it('shows whatever a log holds as text', () => {
    expect(page).not.toContain(hostile);
    expect(page).toContain('&#60;script&#62;alert(1)');
  });

  it('tells how many more findings there are than it shows, in both languages', () => {
    expect(page).toContain('1,500 处问题');
    expect(page).toContain('And 1,300 more.');
    expect(textReport(report)).toContain('and 1,450 more');
    expect(page).toContain('1,233,567');
  });
});

describe('what stands behind a verdict', () => {
  const { checkpoint: _, ...without } = report;
  const clean: AuditReport = { ...report, findingCounts: {}, findings: [], result: 'clean' };

  it('is no claim about a log of which nothing could be read', () => {
    const text = textReport({ ...without, counts: { ...report.counts, entries: 0 } });
    expect(text).toContain('Nothing was checked');
    expect(text).not.toMatch(/The first entry is|can see was checked/);
  });

  it('is not that witnesses saw this history where too few can be somebody else', () => {
    expect(textReport(clean)).toContain('too few have an address outside the log’s own machines');
    expect(textReport(clean)).not.toContain('have seen the same history');
  });

  it('is not that witnesses saw this history where the log has signed two', () => {
    const by = [...clean.witnessed.by, { name: 'north', at: '2026-11-28T00:00:00.000Z', loopback: false }];
    const one = { ...clean, witnessed: { ...clean.witnessed, by } };
    expect(textReport(one)).not.toContain('have seen the same history');
    const seen = { ...one, witnessed: { ...one.witnessed, isIndependent: true } };
    expect(textReport(seen)).toContain('have seen the same history');
    const forked = { ...seen, findingCounts: { history_rewritten: 1 } };
    expect(textReport(forked)).not.toContain('have seen the same history');
  });

  it('is no broken promise where only witnesses are missing', () => {
    const alone = { ...report, findingCounts: { not_witnessed: 1 } };
    expect(textReport(alone)).toContain('no witnesses stand behind');
    expect(textReport(alone)).not.toContain('broke the promises');
    expect(textReport({ ...alone, findingCounts: { not_witnessed: 1, rule_broken: 1 } })).toContain(
      'broke the promises',
    );
  });

  it('accuses the ledger only of what it has signed, or of what a proof shows', () => {
    const whole = { ...report, fraudProofs: [], checkpoint: { size: 5, root: 'root', hasRoot: true } };
    const signed: AuditReport = { ...whole, findingCounts: { rule_broken: 1, tile_differs: 1 } };
    expect(textReport(signed)).toContain('broke the promises');
    const files: AuditReport = { ...whole, findingCounts: { tile_differs: 1 } };
    const another: AuditReport = { ...signed, checkpoint: { size: 5, root: 'root', hasRoot: false } };
    // Its signature does not hold, so nobody knows who wrote it.
    const checkpoint: AuditReport = { ...whole, findingCounts: { checkpoint_signature_invalid: 1 } };
    for (const copied of [files, another, checkpoint]) {
      expect(textReport(copied)).toContain('before you accuse anybody');
      expect(textReport(copied)).not.toContain('broke the promises');
    }
    expect(textReport({ ...another, fraudProofs: report.fraudProofs })).toContain('broke the promises');
  });

  it('is the pinned opening only where every entry was read', () => {
    expect(textReport(clean)).not.toContain('The first entry is the opening');
    const read = { ...clean, counts: { ...clean.counts, entries: 1_234_567 } };
    expect(textReport(read)).toContain('The first entry is the opening');
  });
});

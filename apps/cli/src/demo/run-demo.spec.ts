import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runDemo } from './run-demo.js';
import type { DemoSummary } from './summary.js';

const THREE_MINUTES = 180_000;

describe('the demo', () => {
  let home: string;
  let told = '';
  let summary: DemoSummary;
  let exitCode: number;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'aidtrail-demo-'));
    // Started by root, the database runs as another user, who has to get in.
    await chmod(home, 0o755);
    let json = '';
    exitCode = await runDemo({
      dataDirectory: join(home, 'demo'),
      port: 0,
      once: true,
      json: true,
      deterministic: true,
      output: { write: (text) => (json += text) },
      screen: { write: (text) => (told += text) },
      stop: new AbortController().signal,
    });
    if (exitCode !== 0) throw new Error(told);
    summary = JSON.parse(json) as DemoSummary;
  }, THREE_MINUTES);

  afterAll(() => rm(home, { recursive: true, force: true }));

  it('plays to the end, and all of its checks hold', () => {
    expect(exitCode).toBe(0);
    expect(summary.day).toBe('2026-06-10');
    expect(summary.invariants.length).toBeGreaterThan(5);
    expect(summary.invariants.filter(({ holds }) => !holds)).toEqual([]);
  });

  it('has the same totals in every run, to the fen', () => {
    expect({ ...summary.money, ...summary.counts }).toEqual({
      donations: 5_401,
      intakeMinor: 40_324_370,
      feeMinor: 1_209_731,
      issued: 830,
      issuedMinor: 34_200_000,
      claimed: 766,
      redemptions: 1_536,
      assistedRedemptions: 153,
      redeemedMinor: 24_271_018,
      outstandingMinor: 9_277_925,
      expiredMinor: 642_894,
      returnedMinor: 642_894,
      reissuedMinor: 600_000,
      recoveredMinor: 8_163,
      settledMinor: 24_271_018,
      paidMinor: 24_271_018,
      freeMinor: 6_775_427,
      refusals: 15,
    });
  });

  it('shows where each fen of the company’s gift and of a 1-yuan gift is', () => {
    const { company, single } = summary.traces;
    expect(company.grossMinor).toBe(35_000_000);
    expect(company.feeMinor).toBe(1_050_000);
    expect(single.grossMinor).toBe(100);
    expect(single.feeMinor).toBe(3);
    // The fen of the small gift parted: some were spent at once, the rest came back and went out again.
    expect(single.batches).toHaveLength(2);
    expect(single.batches[0]?.returnedMinor).toBeGreaterThan(0);
    expect(single.batches.reduce((sum, batch) => sum + batch.redeemedMinor, 0)).toBe(97);
  });

  it('shows every refusal of the story, with its code', () => {
    for (const code of [
      'roster_has_problems',
      'roster_already_imported',
      'role_not_allowed',
      'maker_is_checker',
      'goods_denied',
      'second_signature_missing',
      'insufficient_balance',
      'consent_missing',
      'voucher_expired',
      'hold_window',
      'merchant_not_approved',
    ]) {
      expect(told).toContain(code);
    }
  });

  it('tells no identity number', () => {
    expect(told).not.toMatch(/4399\d{10}/);
  });

  it('refuses a folder that is no demo, without touching it', async () => {
    let said = '';
    const code = await runDemo({
      dataDirectory: home,
      port: 0,
      once: true,
      json: false,
      deterministic: true,
      output: { write: () => undefined },
      screen: { write: (text) => (said += text) },
      stop: new AbortController().signal,
    });
    expect(code).toBe(2);
    expect(said).toContain('no finished demo ledger');
  });
});

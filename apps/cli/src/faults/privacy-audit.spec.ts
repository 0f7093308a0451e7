import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { liveAmongNeighbours } from '@aidtrail/testing/neighbours';
import { publishLog, witnessesForSpecs, writePublishedLog } from '@aidtrail/testing/published-log';
import { leavesOf } from '@aidtrail/testing/reading';
import { runToEnd, temporaryFolder } from './program.testing.js';

const run = promisify(execFile);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let place: { readonly log: string; readonly policy: string };

beforeAll(async () => {
  folder = await temporaryFolder();
  const h = await liveAmongNeighbours({ isPaid: false });
  const leaves = (await leavesOf(h.store)).map(({ stored }) => stored.bytes);
  const log = publishLog(leaves, { origin: h.origin, witnesses: witnessesForSpecs(2) });
  place = await writePublishedLog(join(folder.path, 'published'), log);
});
afterAll(() => folder.remove());

const audit = (...more: readonly string[]) =>
  runToEnd('audit', '--log', place.log, '--policy', place.policy, '--privacy', ...more);

describe('an audit that counts what a neighbour learns', () => {
  it('writes it for programs, and finds no fault in it', async () => {
    const { exitCode, output } = await audit('--json');
    const report = JSON.parse(output) as Readonly<Record<string, unknown>>;
    expect([exitCode, report['result'], report['findings']]).toStrictEqual([0, 'clean', []]);
    expect(report['privacy']).toStrictEqual({
      ...{ redemptions: 25, vouchers: 17 },
      byAmount: {
        crowds: { one: 2, twoToFour: 8, fiveToNine: 5, tenOrMore: 10 },
        singledOut: {
          ...{ vouchers: 1, otherRedemptions: 2, withOtherRedemptions: 1, onSeveralDays: 1, mostRedemptions: 3 },
          ...{ helped: 0, withMoneyLeft: 1 },
        },
      },
      byCounty: {
        crowds: { one: 3, twoToFour: 7, fiveToNine: 5, tenOrMore: 10 },
        singledOut: {
          ...{ vouchers: 2, otherRedemptions: 2, withOtherRedemptions: 1, onSeveralDays: 1, mostRedemptions: 3 },
          ...{ helped: 1, withMoneyLeft: 2 },
        },
      },
      byTill: {
        crowds: { one: 4, twoToFour: 6, fiveToNine: 5, tenOrMore: 10 },
        singledOut: {
          ...{ vouchers: 3, otherRedemptions: 3, withOtherRedemptions: 2, onSeveralDays: 2, mostRedemptions: 3 },
          ...{ helped: 1, withMoneyLeft: 2 },
        },
      },
      tills: { tills: 2, fittingOneSettlement: 2, namedMerchant: 1, redemptionsAtNamed: 18 },
      campaigns: [
        {
          ...{ campaign: expect.any(String), name: 'Flood recovery', county: '522632' },
          ...{ redemptions: 20, vouchers: 14, byAmount: 0, byCounty: 0, byTill: 2 },
        },
        {
          ...{ campaign: expect.any(String), name: 'Typhoon warning', county: '460105' },
          ...{ redemptions: 5, vouchers: 3, byAmount: 1, byCounty: 2, byTill: 1 },
        },
      ],
    });
  });

  it('tells people, in words and on a page to print', async () => {
    const page = join(folder.path, 'report.html');
    const { exitCode, output } = await audit('--html', page);
    expect(exitCode).toBe(0);
    for (const line of [
      'Privacy: what a neighbour learns from the published entries',
      'There are 25 redemptions of 17 vouchers.',
      'day and amount: redemptions 2 (8.0 %), vouchers 1 (5.9 %)',
      'day, amount and till: redemptions 4 (16.0 %), vouchers 3 (17.6 %)',
      'day and amount: 1: 2, 2–4: 8, 5–9: 5, ≥ 10: 10',
      'Of 3 vouchers found by day, amount and till: 2 with other redemptions (3 in all;',
      'Of 2 tills, 2 can be matched with one settlement by the sums of a window; for 1 that tells the merchant’s name',
      'Flood recovery (522632): of 14 vouchers, 0 by day and amount; 0 by day, amount and county; 2 by day, amount and till',
      'None of this is a finding',
    ])
      expect(output).toContain(line);
    const html = await readFile(page, 'utf8');
    expect(html).toContain('邻居从公开条目中能看出什么');
    expect(html).toContain('4 (16.0 %)');
  });

  it('names no voucher and no key: the report must not do the finding', async () => {
    const { output } = await audit('--json');
    const { privacy } = JSON.parse(output) as { readonly privacy: object };
    expect(JSON.stringify(privacy)).not.toMatch(/voucher-|[0-9a-f]{64}/);
  });

  it('reads an archive, and is in the audit kit', async () => {
    const archive = join(folder.path, 'kit.tar.gz');
    const made = await runToEnd('audit-kit', '--log', place.log, '--policy', place.policy, '--to', archive);
    expect(made.exitCode).toBe(0);
    const { output } = await audit('--json');
    const packed = await runToEnd('audit', '--log', archive, '--policy', place.policy, '--privacy', '--json');
    expect(packed.output).toBe(output);
    await run('tar', ['-xzf', archive, '-C', folder.path]);
    const { stdout } = await run(process.execPath, ['audit.mjs', '--privacy', '--json'], { cwd: folder.path, env: {} });
    expect(JSON.parse(stdout)).toStrictEqual(JSON.parse(output));
  });

  it('says nothing of it unless asked, and cannot count what it does not read', async () => {
    const plain = await runToEnd('audit', '--log', place.log, '--policy', place.policy, '--json');
    expect(JSON.parse(plain.output)).not.toHaveProperty('privacy');
    expect(await audit('--merkle-only')).toMatchObject({
      exitCode: 2,
      notes: expect.stringContaining('leave one of them out'),
    });
  });
});

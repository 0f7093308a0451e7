import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Breakdown } from '../public-figures.js';
import { cutWith } from '../publication/cut-figures.js';
import type { Pooling } from '../release/dimension.js';
import { strictPooling } from '../release/pooling.js';
import { LeavesForSpecs, sha256, type CampaignForSpecs } from '../testing/leaves.testing.js';
import { RowSpace } from './row-space.testing.js';

const K = 4;
const INTERVALS = 3;
const SHOPS = ['m1', 'm2', 'm3'];
const CATEGORIES = ['food', 'water', 'tools'];
const CAMPAIGNS: readonly CampaignForSpecs[] = ['c1', 'c2'].map((id, i) => ({
  id,
  phase: 'recovery',
  region: `11010${i}`,
  assistedAllowed: false,
}));

const sale = fc.record({ campaign: fc.nat(1), voucher: fc.nat(7), shop: fc.nat(2), category: fc.nat(2) });
const life = fc.array(fc.array(sale, { maxLength: 14 }), { minLength: INTERVALS, maxLength: INTERVALS });
type Life = typeof life extends fc.Arbitrary<infer L> ? L : never;

interface Unknown {
  readonly interval: number;
  readonly campaign: number;
  readonly shop: number;
  readonly category: number;
}

const unknowns: readonly Unknown[] = [0, 1, 2].flatMap((interval) =>
  [0, 1].flatMap((campaign) =>
    [0, 1, 2].flatMap((shop) => [0, 1, 2].map((category) => ({ interval, campaign, shop, category }))),
  ),
);

/** All numbers of both documents, as sums of unknowns; each basket has one line, so counts add up in every table. */
function publishedSums(lived: Life, pooling: Pooling) {
  const log = new LeavesForSpecs(K, CAMPAIGNS);
  const cuts: number[] = [];
  const sums: { readonly count: number; readonly includes: (unknown: Unknown) => boolean }[] = [];
  for (const sales of lived) {
    for (const { campaign, category, shop, voucher } of sales) {
      const basket = [{ category: CATEGORIES[category], amountMinor: 100 }];
      log.redeem({
        campaign: `c${campaign + 1}`,
        voucher,
        amountMinor: 100,
        disclosed: { merchant: SHOPS[shop], basket },
      });
    }
    const index = log.mark();
    cuts.push(index);
    const { disclosed, figures } = cutWith(pooling, log.state, { index, sha256 });
    for (const table of [...figures.breakdowns, ...(disclosed?.breakdowns ?? [])])
      if (table.measure === 'redeemed') sums.push(...sumsIn(table, cuts));
  }
  return sums;
}

function sumsIn({ cells, dimension, total }: Breakdown, cuts: readonly number[]) {
  const keyOf = ({ campaign, category, shop }: Unknown): string | undefined =>
    ({
      campaign: `c${campaign + 1}`,
      county: `11010${campaign}`,
      merchant: SHOPS[shop],
      category: CATEGORIES[category],
    })[dimension as 'campaign'];
  const isUntil = (asOf: number) => (unknown: Unknown) => unknown.interval <= cuts.indexOf(asOf);
  const shown = cells.flatMap((cell) => ('count' in cell && keyOf(unknowns[0] as Unknown) !== undefined ? [cell] : []));
  const all = 'count' in total ? [{ count: total.count, includes: isUntil(total.asOf) }] : [];
  return [
    ...all,
    ...shown.map(({ asOf, cell, count }) => ({
      count,
      includes: (unknown: Unknown) => keyOf(unknown) === cell && isUntil(asOf)(unknown),
    })),
  ];
}

/** What is looked for: each shop and each category over any intervals, and each with the others; then one campaign's. */
function* suspects(): Iterable<(unknown: Unknown) => boolean> {
  for (const key of ['shop', 'category', 'campaign'] as const)
    for (let chosen = 1; chosen < 2 ** (INTERVALS * 3); chosen += 1)
      yield (unknown) => ((chosen >> (unknown[key] * INTERVALS + unknown.interval)) & 1) === 1;
  for (let campaign = 0; campaign < 2; campaign += 1)
    for (let shop = 0; shop < 3; shop += 1)
      for (let chosen = 1; chosen < 2 ** INTERVALS; chosen += 1)
        yield (unknown) =>
          unknown.campaign === campaign && unknown.shop === shop && ((chosen >> unknown.interval) & 1) === 1;
}

function attack(pooling: Pooling): string {
  const property = fc.property(life, (lived) => {
    const sums = publishedSums(lived, pooling);
    const sold = lived.flatMap((sales, interval) => sales.map((each) => ({ ...each, interval })));
    const space = new RowSpace();
    for (const { count, includes } of sums) {
      if (count !== sold.filter(includes).length) throw new Error('untrue');
      space.add(unknowns.map((unknown) => (includes(unknown) ? 1 : 0)));
    }
    for (const includes of suspects()) {
      const vouchers = new Set(sold.filter(includes).map(({ campaign, voucher }) => `${campaign}.${voucher}`)).size;
      if (vouchers === 0 || vouchers >= K) continue;
      const inside = unknowns.flatMap((unknown, i) => (includes(unknown) ? [i] : []));
      if (space.determines(inside)) throw new Error('told: a sum of few vouchers');
    }
  });
  const found = fc.check(property, { seed: 20_260_605, numRuns: 40, includeErrorInReport: true });
  return found.failed ? (fc.defaultReportMessage(found) ?? 'failed') : '';
}

describe('an attacker who keeps both documents of all publications', () => {
  it('computes no sum of fewer than k vouchers of a shop, of a kind of goods, or of a campaign', () => {
    expect(attack(strictPooling)).toBe('');
  });

  it('computes one if cells never stay together', () => {
    expect(attack({ fill: () => undefined, leave: () => undefined })).toContain('told: ');
  });
});

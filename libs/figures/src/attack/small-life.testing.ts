import fc from 'fast-check';
import { cutWith, type Publication } from '../publication/cut-figures.js';
import type { Pooling } from '../release/dimension.js';
import { LeavesForSpecs, sha256, type CampaignForSpecs } from '../testing/leaves.testing.js';

/** Redemptions of one campaign between two cuts: of how many vouchers, from which on, and how many with a worker's consent. */
export interface Sales {
  readonly vouchers: number;
  readonly from: number;
  readonly assisted: number;
}

/** By interval, then by campaign. */
export type SmallLife = readonly (readonly Sales[])[];

export const CAMPAIGNS: readonly CampaignForSpecs[] = [
  { id: 'c1', phase: 'recovery', region: '110101', assistedAllowed: true },
  { id: 'c2', phase: 'recovery', region: '110101', assistedAllowed: false },
  { id: 'c3', phase: 'recovery', region: '220202', assistedAllowed: true },
  { id: 'c4', phase: 'preparedness', region: '330303', assistedAllowed: false },
];

/** Often nothing, often few, sometimes many: where suppression has to work. Vouchers come again. */
const sales: fc.Arbitrary<Sales> = fc.record({
  vouchers: fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 3 }) },
    { weight: 3, arbitrary: fc.integer({ min: 4, max: 9 }) },
  ),
  from: fc.integer({ min: 0, max: 6 }),
  assisted: fc.integer({ min: 0, max: 4 }),
});

export function smallLife(intervals: number): fc.Arbitrary<SmallLife> {
  const interval = fc.array(sales, { minLength: CAMPAIGNS.length, maxLength: CAMPAIGNS.length });
  return fc.array(interval, { minLength: intervals, maxLength: intervals });
}

/** What one unknown of the attacker stands for: redemptions of a campaign, by consent, between two cuts. */
export interface Atom {
  readonly campaign: number;
  readonly isAssisted: boolean;
  readonly interval: number;
  count: number;
  amountMinor: number;
  readonly vouchers: Set<number>;
}

export interface LivedLife {
  readonly atoms: readonly Atom[];
  readonly publications: readonly Publication[];
  /** Tree sizes of the cuts. */
  readonly cuts: readonly number[];
}

export interface Played {
  readonly k: number;
  readonly pooling: Pooling;
}

/** Plays a life, with a cut after each interval. */
export function live(life: SmallLife, { k, pooling }: Played): LivedLife {
  const log = new LeavesForSpecs(k, CAMPAIGNS);
  const publications: Publication[] = [];
  const cuts: number[] = [];
  const atoms = playInto(log, life, () => {
    const index = log.mark();
    cuts.push(index);
    publications.push(cutWith(pooling, log.state, { index, sha256 }));
  });
  return { atoms, publications, cuts };
}

/** Each second interval begins a month. */
export function playInto(
  log: LeavesForSpecs,
  life: SmallLife,
  afterInterval: (interval: number) => void,
): readonly Atom[] {
  const atoms: Atom[] = [];
  for (const [interval, each] of life.entries()) {
    if (interval > 0 && interval % 2 === 0) log.day(`2026-0${6 + interval / 2}-01`);
    for (const [campaign, sales] of each.entries()) atoms.push(...sell(log, { ...sales, campaign, interval }));
    afterInterval(interval);
  }
  return atoms;
}

function sell(log: LeavesForSpecs, sale: Sales & { readonly campaign: number; readonly interval: number }): Atom[] {
  const { campaign, interval, vouchers, from, assisted } = sale;
  const known = CAMPAIGNS[campaign] as CampaignForSpecs;
  const pair = [false, true].map((isAssisted): Atom => ({
    campaign,
    isAssisted,
    interval,
    count: 0,
    amountMinor: 0,
    vouchers: new Set(),
  }));
  for (let i = 0; i < vouchers; i += 1) {
    const isAssisted = known.assistedAllowed && i < assisted;
    const atom = pair[isAssisted ? 1 : 0] as Atom;
    const voucher = (from + i) % 10;
    const amountMinor = 100 + 7 * i;
    log.redeem({ campaign: known.id, voucher, amountMinor, consent: isAssisted ? 'assisted' : 'holder' });
    atom.count += 1;
    atom.amountMinor += amountMinor;
    atom.vouchers.add(campaign * 100 + voucher);
  }
  return pair;
}

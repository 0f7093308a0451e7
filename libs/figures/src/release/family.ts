import { increase, plus, type CellSum, type ToldSum } from './cell.js';
import {
  addToCell,
  isPooled,
  moveOn,
  openDimension,
  releaseDimension,
  type Dimension,
  type Pooling,
} from './dimension.js';
import { addToShare, openShare, releaseShare, type Share, type ShareSide } from './share.js';
import { addTo, emptyTally, isEmpty, objectionTo, type Increment, type ReleaseRules, type Tally } from './tally.js';

/**
 * Figures of one kind of event: their total and every way of telling it apart, all released at the same leaves. A release
 * tells the total exactly; there is one at a cut if what was added since the last may be told. Plain JSON.
 */
export interface Family {
  releases: number;
  readonly exact: CellSum;
  fresh: Tally;
  told: ToldSum;
  readonly dimensions: Record<string, Dimension>;
  readonly share?: Share;
  /** Cells made of cells of `campaign`, as last told: by kind of sum and its cell. */
  readonly sums: Record<string, Record<string, ToldSum>>;
  /** The total as told last in each month. */
  readonly months: Record<string, ToldSum>;
}

/** An increment with the cell that it falls into, in each dimension. */
export interface Addition extends Increment {
  readonly cells: Readonly<Record<string, string>>;
  readonly share?: ShareSide;
}

export interface FamilyCut {
  readonly asOf: number;
  /** YYYY-MM of the ledger's day. */
  readonly month: string;
  readonly rules: ReleaseRules;
  /** What cells of `campaign` belong to, by kind of sum. */
  readonly sumsOf: (campaign: string) => Readonly<Record<string, string>>;
  readonly pooling: Pooling;
}

export interface FamilyParts {
  readonly dimensions: readonly string[];
  readonly hasShare: boolean;
}

export function openFamily({ dimensions, hasShare }: FamilyParts): Family {
  return {
    releases: 0,
    exact: { count: 0, amountMinor: 0 },
    fresh: emptyTally(),
    told: { count: 0, amountMinor: 0, asOf: 0 },
    dimensions: Object.fromEntries(dimensions.map((name) => [name, openDimension()])),
    ...(hasShare ? { share: openShare() } : {}),
    sums: {},
    months: {},
  };
}

export function addToFamily(family: Family, addition: Addition, k: number): void {
  const { cells, share } = addition;
  increase(family.exact, addition);
  addTo(family.fresh, addition, k);
  for (const name of Object.keys(cells)) addToCell(dimensionOf(family, name), cells[name] as string, addition, k);
  if (family.share !== undefined && share !== undefined) addToShare(family.share, share, addition, k);
}

export function dimensionOf({ dimensions }: Family, name: string): Dimension {
  return (dimensions[name] ??= openDimension());
}

/** Why the total is older than the cut; undefined if it is not. */
export function objectionToRelease(family: Family, rules: ReleaseRules): 'k' | 'dominance' | undefined {
  return isEmpty(family.fresh) ? undefined : objectionTo(family.fresh, rules);
}

/** At a cut: everything is told as it is now, or everything stays as it was told. */
export function cutFamily(family: Family, cut: FamilyCut): void {
  const { asOf, month, pooling, rules, sumsOf } = cut;
  if (objectionToRelease(family, rules) !== undefined) return;
  const grew = !isEmpty(family.fresh);
  if (grew) family.releases += 1;
  const nearness = nearnessBy(sumsOf);
  for (const dimension of Object.values(family.dimensions))
    if (grew) releaseDimension(dimension, { asOf, number: family.releases, rules, nearness, pooling });
    else moveOn(dimension, asOf);
  if (family.share !== undefined) releaseShare(family.share, asOf, rules);
  family.told = { ...family.exact, asOf };
  family.fresh = emptyTally();
  if (grew) family.months[month] = family.told;
  tellSums(family, cut);
}

/** How far campaigns are from those that need company: none of their sums in common, one, or all. */
function nearnessBy(sumsOf: FamilyCut['sumsOf']) {
  return (cell: string, small: readonly string[]): number => {
    const own = Object.entries(sumsOf(cell));
    const shared = small.map((each) => {
      const theirs = sumsOf(each);
      return own.filter(([kind, sum]) => theirs[kind] === sum).length;
    });
    return -Math.max(0, ...shared);
  };
}

/** A sum over campaigns is told if the pool lies wholly inside or outside of it: then it follows from what is told. */
function tellSums(family: Family, { asOf, sumsOf }: FamilyCut): void {
  const campaigns = family.dimensions['campaign'];
  if (campaigns === undefined) return;
  const pooled = Object.keys(campaigns.pool?.members ?? {});
  const sums: Record<string, Record<string, { sum: CellSum; pooled: number }>> = {};
  for (const [campaign, exact] of Object.entries(campaigns.exact))
    for (const [kind, cell] of Object.entries(sumsOf(campaign))) {
      const before = ((sums[kind] ??= {})[cell] ??= { sum: { count: 0, amountMinor: 0 }, pooled: 0 });
      before.sum = plus(before.sum, exact);
      if (isPooled(campaigns, campaign)) before.pooled += 1;
    }
  for (const [kind, cells] of Object.entries(sums))
    for (const [cell, { sum, pooled: inside }] of Object.entries(cells))
      if (inside === 0 || inside === pooled.length) (family.sums[kind] ??= {})[cell] = { ...sum, asOf };
}

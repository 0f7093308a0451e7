import type { BreakdownCell, CellValues, PublicFigures } from '../public-figures.js';
import { RowSpace } from './row-space.testing.js';
import { CAMPAIGNS, type Atom, type LivedLife } from './small-life.testing.js';

/** A published number: how many redemptions these unknowns have together. */
interface Equation {
  readonly of: string;
  readonly includes: (atom: Atom) => boolean;
  readonly count: number;
  readonly amountMinor?: number;
}

/** What somebody knows who kept all publications, and knows every campaign's terms. */
export function equationsOf({ publications, cuts }: LivedLife): readonly Equation[] {
  const intervals = (asOf: number) => cuts.indexOf(asOf);
  const until = (asOf: number) => (atom: Atom) => atom.interval <= intervals(asOf);
  return publications.flatMap(({ figures }) => [
    ...totalsIn(figures, until),
    ...figures.breakdowns
      .filter(({ measure }) => measure === 'redeemed')
      .flatMap(({ dimension, cells }) => cellsIn(dimension, cells, until)),
  ]);
}

type Until = (asOf: number) => (atom: Atom) => boolean;

function totalsIn({ totals }: PublicFigures, until: Until): readonly Equation[] {
  return totals.flatMap((total): readonly Equation[] => {
    if (!('value' in total)) return [];
    const includes = until(total.asOf);
    if (total.key === 'redemptionCount') return [{ of: total.key, includes, count: total.value }];
    if (total.key === 'assistedRedemptionCount')
      return [{ of: total.key, includes: (atom) => atom.isAssisted && includes(atom), count: total.value }];
    return [];
  });
}

function cellsIn(dimension: string, cells: readonly BreakdownCell[], until: Until): readonly Equation[] {
  const shown = cells.filter((cell): cell is BreakdownCell & CellValues => 'count' in cell);
  return shown.map(({ cell, count, amountMinor, asOf }): Equation => {
    const before = dimension === 'month' ? shown.filter((other) => other.cell < cell).map((other) => other.asOf) : [];
    const isBefore = before.length === 0 ? () => false : until(Math.max(...before));
    const includes = (atom: Atom): boolean =>
      until(asOf)(atom) && !isBefore(atom) && (dimension === 'month' || keyOf(atom, dimension) === cell);
    return { of: `${dimension} ${cell}`, includes, count, amountMinor };
  });
}

function keyOf({ campaign }: Atom, dimension: string): string | undefined {
  const known = CAMPAIGNS[campaign];
  return dimension === 'campaign' ? known?.id : dimension === 'phase' ? known?.phase : known?.region;
}

/** Published numbers that are not what they say they are. */
export function untrue({ atoms }: LivedLife, equations: readonly Equation[]): readonly string[] {
  return equations.flatMap(({ of, includes, count, amountMinor }) => {
    const inside = atoms.filter(includes);
    const isTrue =
      count === sum(inside.map((atom) => atom.count)) &&
      (amountMinor === undefined || amountMinor === sum(inside.map((atom) => atom.amountMinor)));
    return isTrue ? [] : [of];
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A sum that could be computed although fewer than k vouchers are behind it: its unknowns, in words. */
export function findLeak(lived: LivedLife, k: number): string | undefined {
  const { atoms } = lived;
  const space = new RowSpace();
  const equations = equationsOf(lived);
  for (const { includes } of equations) space.add(atoms.map((atom) => (includes(atom) ? 1 : 0)));
  for (const zero of knownZeros(lived, equations)) space.add(atoms.map((_, i) => (i === zero ? 1 : 0)));
  for (const suspects of suspectSums(lived, k))
    if (space.determines(suspects)) return inWords(suspects.map((i) => atoms[i] as Atom));
  return undefined;
}

function inWords(inside: readonly Atom[]): string {
  return inside
    .filter(({ count }) => count > 0)
    .map(({ campaign, isAssisted, interval, count }) => `c${campaign + 1}${isAssisted ? 'a' : 'h'}${interval}:${count}`)
    .join(' + ');
}

/** Where no worker's consent is allowed none was given; where a number did not grow nothing happened. */
function knownZeros({ atoms }: LivedLife, equations: readonly Equation[]): readonly number[] {
  const zeros = new Set<number>();
  for (const [i, { campaign, isAssisted }] of atoms.entries())
    if (isAssisted && CAMPAIGNS[campaign]?.assistedAllowed !== true) zeros.add(i);
  const byName = new Map<string, Equation[]>();
  for (const equation of equations) byName.set(equation.of, [...(byName.get(equation.of) ?? []), equation]);
  for (const same of byName.values())
    for (const [i, equation] of same.entries()) {
      const before = same[i - 1];
      const grew = equation.count - (before?.count ?? 0);
      if (grew > 0) continue;
      for (const [at, atom] of atoms.entries())
        if (equation.includes(atom) && before?.includes(atom) !== true) zeros.add(at);
    }
  return [...zeros];
}

interface Suspect {
  readonly unknowns: readonly number[];
  readonly vouchers: number;
}

/**
 * Sums of 1 … k − 1 vouchers: for each campaign any intervals; of all redemptions, of the assisted ones, or of the others.
 * All of them: what is not found here does not follow from what was published.
 */
function* suspectSums(lived: LivedLife, k: number): Iterable<readonly number[]> {
  for (const kind of ['all', 'assisted', 'others'] as const) {
    const choices = CAMPAIGNS.map((_, campaign) => choicesOf(lived, campaign, kind));
    for (const { unknowns, vouchers } of combinations(choices, k)) if (vouchers > 0) yield unknowns;
  }
}

function choicesOf({ atoms, cuts }: LivedLife, campaign: number, kind: string): readonly Suspect[] {
  const own = [...atoms.entries()].filter(
    ([, atom]) => atom.campaign === campaign && (kind === 'all' || atom.isAssisted === (kind === 'assisted')),
  );
  return Array.from({ length: 2 ** cuts.length }, (_, chosen): Suspect => {
    const inside = own.filter(([, { interval }]) => ((chosen >> interval) & 1) === 1);
    const vouchers = new Set(inside.flatMap(([, atom]) => [...atom.vouchers])).size;
    return { unknowns: inside.map(([i]) => i), vouchers };
  });
}

/** One choice for each campaign; vouchers of different campaigns are different ones. */
function* combinations(choices: readonly (readonly Suspect[])[], k: number): Iterable<Suspect> {
  const [first, ...rest] = choices;
  if (first === undefined) {
    yield { unknowns: [], vouchers: 0 };
    return;
  }
  for (const tail of combinations(rest, k))
    for (const head of first) {
      const vouchers = head.vouchers + tail.vouchers;
      if (vouchers < k) yield { unknowns: [...head.unknowns, ...tail.unknowns], vouchers };
    }
}

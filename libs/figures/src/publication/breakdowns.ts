import { categoryOf, NOT_DISCLOSED } from '../counting/disclosed-cells.js';
import type { FigureState } from '../counting/figure-state.js';
import type { Breakdown, BreakdownCell, CellValues, Dimension, FigureLevel, Suppression } from '../public-figures.js';
import type { CellSum, ToldSum } from '../release/cell.js';
import { dimensionOf, objectionToRelease, type Family } from '../release/family.js';
import { objectionTo, type ReleaseRules } from '../release/tally.js';

type Measure = Breakdown['measure'];

/** The tables of level L1, in this order. */
export function breakdownsOf(state: FigureState): readonly Breakdown[] {
  const { claims, redemptions } = state.families;
  return [...tablesOf(state, redemptions, 'redeemed'), ...tablesOf(state, claims, 'claimed')];
}

function tablesOf(state: FigureState, family: Family, measure: Measure): readonly Breakdown[] {
  const { rules } = state;
  const campaigns = Object.entries(state.campaigns).map(([cell, { name }]) => ({ cell, label: name }));
  const sums = (kind: 'phase' | 'region') => [...new Set(Object.values(state.campaigns).map((each) => each[kind]))];
  const apart = (cell: string) => toldCell(family, 'campaign', cell, rules);
  const asSum = (kind: 'phase' | 'region') => (cell: string) => toldSum(state, family, kind, cell);
  const ofKind = (kind: 'phase' | 'region') => sums(kind).map((cell) => ({ cell }));
  return [
    table({ family, measure, dimension: 'campaign', cells: campaigns, tell: apart, rules }),
    table({ family, measure, dimension: 'phase', cells: ofKind('phase'), tell: asSum('phase'), rules }),
    table({ family, measure, dimension: 'county', cells: ofKind('region'), tell: asSum('region'), rules }),
    monthTable(family, measure, rules),
  ];
}

/** The tables of level L2: only merchants and categories that were told of at the last release. */
export function disclosedBreakdowns(state: FigureState): readonly Breakdown[] {
  const family = state.families.redemptions;
  const { rules } = state;
  return (['category', 'merchant'] as const).map((dimension) => {
    const { all, pool, told } = dimensionOf(family, dimension);
    const known = [...new Set([...Object.keys(told), ...Object.keys(pool?.members ?? {})])];
    const tell = (cell: string) => toldCell(family, dimension, cell, rules);
    const cells = known.map((cell) => ({ cell, ...labelOf(state, dimension, cell) }));
    const made = table({ family, measure: 'redeemed', dimension, level: 'L2', cells, tell, rules, total: all });
    return { ...made, cells: made.cells.map((each) => ({ ...each, cell: categoryOf(each.cell) })) };
  });
}

function labelOf({ merchants }: FigureState, dimension: string, cell: string): { readonly label?: string } {
  const label = cell === NOT_DISCLOSED ? 'not disclosed' : dimension === 'merchant' ? merchants[cell] : undefined;
  return label === undefined ? {} : { label };
}

interface TableParts {
  readonly family: Family;
  readonly measure: Measure;
  readonly dimension: Dimension;
  readonly level?: FigureLevel;
  readonly cells: readonly { readonly cell: string; readonly label?: string }[];
  readonly tell: (cell: string) => ToldSum | Suppression;
  readonly rules: ReleaseRules;
  /** Where it is not the family's. */
  readonly total?: ToldSum;
}

function table({ family, measure, dimension, level = 'L1', cells, tell, rules, total }: TableParts): Breakdown {
  const head = { name: `${measure}-by-${dimension}`, dimension, measure, level };
  const sorted = [...cells].sort((a, b) => (a.cell < b.cell ? -1 : 1));
  const objection = family.told.asOf === 0 ? objectionToRelease(family, rules) : undefined;
  if (objection !== undefined) {
    const suppressed = sorted.map((cell): BreakdownCell => ({ ...cell, suppressed: objection }));
    return { ...head, cells: suppressed, total: { suppressed: objection } };
  }
  const all = total ?? family.told;
  const rest: CellSum = { count: all.count, amountMinor: all.amountMinor };
  const shown = sorted.map((head): BreakdownCell => {
    const told = tell(head.cell);
    if (typeof told === 'string') return { ...head, suppressed: told };
    rest.count -= told.count;
    rest.amountMinor -= told.amountMinor;
    return { ...head, ...valuesOf(told) };
  });
  return { ...head, cells: shown, total: valuesOf(all), notToldApart: rest };
}

function valuesOf({ count, amountMinor, asOf }: ToldSum): CellValues {
  return { count, amountMinor, asOf };
}

/** A cell in the pool shows what it was when it was last told apart. */
function toldCell(family: Family, name: string, cell: string, rules: ReleaseRules): ToldSum | Suppression {
  const dimension = family.dimensions[name];
  const told = dimension?.told[cell];
  const member = dimension?.pool?.members[cell];
  if (member === undefined) return told ?? { count: 0, amountMinor: 0, asOf: family.told.asOf };
  if (told !== undefined && told.count > 0) return told;
  return objectionTo(member.whole, rules) ?? (member.joined === family.releases ? 'complement' : 'differencing');
}

/** A sum that only part of the pool belongs to shows what it was when it was last told. */
function toldSum(state: FigureState, family: Family, kind: 'phase' | 'region', cell: string): ToldSum | Suppression {
  const told = family.sums[kind]?.[cell];
  const pooled = Object.keys(family.dimensions['campaign']?.pool?.members ?? {});
  const isStraddling = pooled.some((campaign) => state.campaigns[campaign]?.[kind] === cell);
  if (isStraddling && told?.asOf !== family.told.asOf)
    return told !== undefined && told.count > 0 ? told : 'complement';
  return told ?? { count: 0, amountMinor: 0, asOf: family.told.asOf };
}

/** What the total grew by from the last release of one month to the last of the next: it tells nothing new. */
function monthTable(family: Family, measure: Measure, rules: ReleaseRules): Breakdown {
  const months = Object.keys(family.months).sort();
  const tell = (month: string): ToldSum => {
    const upTo = family.months[month] as ToldSum;
    const before = family.months[months[months.indexOf(month) - 1] ?? ''];
    return {
      count: upTo.count - (before?.count ?? 0),
      amountMinor: upTo.amountMinor - (before?.amountMinor ?? 0),
      asOf: upTo.asOf,
    };
  };
  return table({ family, measure, dimension: 'month', cells: months.map((cell) => ({ cell })), tell, rules });
}

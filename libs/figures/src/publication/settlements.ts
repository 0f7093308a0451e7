import type { FigureState } from '../counting/figure-state.js';
import {
  SETTLEMENT_STATUSES,
  type OpenSettlement,
  type SettlementBook,
  type SettlementStatus,
  type SettlementSum,
} from '../counting/settlement-book.js';
import type { SettlementAge, SettlementFigures, SettlementLine, Suppression } from '../public-figures.js';
import { daysBetween } from './days.js';

/** Ages in days since the cut-off; the last has no end. */
const AGES = [0, 8, 15, 31] as const;

/**
 * At a cut: settlements are told in groups that cover at least k redemptions and are never split up into smaller ones. A
 * group is those of one class that have gone the same way; what is left of the class must cover as many. Whatever may not be
 * told yet counts as not having moved.
 */
export function tellSettlements(
  book: SettlementBook,
  { index, k }: { readonly index: number; readonly k: number },
): void {
  for (const group of groupsToTell(book, k)) {
    book.classes += 1;
    const oldest = group.map(({ told, day }) => told?.day ?? day).sort()[0] as string;
    for (const settlement of group) {
      const { status, netMinor } = settlement;
      settlement.told = { status, netMinor, class: book.classes, day: oldest };
    }
  }
  closeReconciled(book);
  for (const status of SETTLEMENT_STATUSES) if (isUpToDate(book, status)) book.told[status] = { asOf: index };
}

type Group = readonly OpenSettlement[];

function groupsToTell({ open }: SettlementBook, k: number): readonly Group[] {
  const all = Object.values(open);
  const classes = groupedBy(
    all.filter(({ told }) => told !== undefined),
    ({ told }) => String(told?.class),
  );
  return [
    ...newGroups(
      all.filter(({ told }) => told === undefined),
      k,
    ),
    ...classes.flatMap((each) => moved(each, k)),
  ];
}

/** Settlements that were not told at all: those of one window together, or, where those are few, of several windows. */
function newGroups(untold: Group, k: number): readonly Group[] {
  const byWindow = groupedBy(untold, ({ status, day }) => `${status} ${day}`);
  const few = byWindow.filter((group) => redemptionsOf(group) < k).flat();
  const mixed = groupedBy(few, ({ status }) => status);
  return [...byWindow, ...mixed].filter((group) => redemptionsOf(group) >= k);
}

/** Of one class: those that moved on, group by group, unless too few would stay behind. */
function moved(members: Group, k: number): readonly Group[] {
  const ways = groupedBy(members, ({ status }) => status);
  const isStaying = (group: Group) => group.every(({ status, told }) => status === told?.status);
  const moving = ways
    .filter((group) => !isStaying(group) && redemptionsOf(group) >= k)
    .sort((a, b) => redemptionsOf(b) - redemptionsOf(a));
  let staying = ways.filter((group) => !moving.includes(group)).flat();
  while (staying.length > 0 && redemptionsOf(staying) < k) {
    const smallest = moving.pop();
    if (smallest === undefined) break;
    staying = [...staying, ...smallest];
  }
  return moving;
}

function groupedBy(settlements: Group, keyOf: (settlement: OpenSettlement) => string): readonly Group[] {
  const groups = new Map<string, OpenSettlement[]>();
  for (const settlement of settlements) {
    const key = keyOf(settlement);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [settlement]);
    else group.push(settlement);
  }
  return [...groups.values()];
}

function redemptionsOf(group: Group): number {
  return group.reduce((sum, { redemptionCount }) => sum + redemptionCount, 0);
}

/** What is told to be reconciled is over: it is kept as a sum, unless its payment comes back. */
function closeReconciled(book: SettlementBook): void {
  for (const [id, { again, redemptionCount, status, told }] of Object.entries(book.open)) {
    if (status !== 'reconciled' || told?.status !== 'reconciled') continue;
    if (again === undefined) {
      const closed = (book.closed ??= { count: 0, redemptionCount: 0, netMinor: 0 });
      closed.count += 1;
      closed.redemptionCount += redemptionCount;
      closed.netMinor += told.netMinor;
    }
    Reflect.deleteProperty(book.open, id);
  }
}

function isUpToDate({ open }: SettlementBook, status: SettlementStatus): boolean {
  return Object.values(open).every(
    (settlement) =>
      (settlement.status === status) === (settlement.told?.status === status) &&
      (settlement.status !== status || settlement.netMinor === settlement.told?.netMinor),
  );
}

/** What is told to be paid, less what is told to have come back. */
export function paidOf({ closed, open, told }: SettlementBook): { readonly value: number; readonly asOf: number } {
  let value = closed?.netMinor ?? 0;
  for (const { again, told: shown } of Object.values(open)) {
    if (shown === undefined) continue;
    const isPaid = shown.status === 'paid' || shown.status === 'reconciled';
    value += (isPaid ? shown.netMinor : 0) - (again === true ? shown.netMinor : 0);
  }
  return { value, asOf: Math.min(...SETTLEMENT_STATUSES.map((status) => told[status]?.asOf ?? 0)) };
}

export function settlementFigures({ day, settlements }: FigureState): SettlementFigures {
  return { level: 'L1', byStatus: byStatus(settlements), ageing: ageing(settlements, day) };
}

function byStatus(book: SettlementBook): readonly SettlementLine[] {
  const { closed, open, told } = book;
  return SETTLEMENT_STATUSES.flatMap((status): readonly SettlementLine[] => {
    const shown = Object.values(open).filter((settlement) => settlement.told?.status === status);
    const sum = sumOf(shown);
    if (status === 'reconciled') {
      const back = sumOf(Object.values(open).filter(({ again, told: shown }) => again === true && shown !== undefined));
      sum.count += (closed?.count ?? 0) - back.count;
      sum.redemptionCount += closed?.redemptionCount ?? 0;
      sum.netMinor += (closed?.netMinor ?? 0) - back.netMinor;
    }
    if (sum.count > 0) return [{ status, ...sum, asOf: told[status]?.asOf ?? 0 }];
    const exists = Object.values(open).some((settlement) => settlement.status === status);
    return exists ? [{ status, suppressed: 'k' as Suppression }] : [];
  });
}

function sumOf(settlements: Group): SettlementSum {
  const sum = { count: 0, redemptionCount: 0, netMinor: 0 };
  for (const { redemptionCount, told } of settlements) {
    sum.count += 1;
    sum.redemptionCount += redemptionCount;
    sum.netMinor += told?.netMinor ?? 0;
  }
  return sum;
}

const OVER: ReadonlySet<SettlementStatus> = new Set(['paid', 'reconciled']);

function ageing({ open, told }: SettlementBook, today: string): readonly SettlementAge[] {
  const due = Object.values(open).filter((settlement) => settlement.told && !OVER.has(settlement.told.status));
  const asOf = Math.min(...SETTLEMENT_STATUSES.map((status) => told[status]?.asOf ?? 0));
  return AGES.map((fromDays, i): SettlementAge => {
    const next = AGES[i + 1];
    const toDays = next === undefined ? undefined : next - 1;
    const within = due.filter((settlement) => {
      const age = daysBetween(settlement.told?.day ?? today, today);
      return age >= fromDays && (toDays === undefined || age <= toDays);
    });
    return { fromDays, ...(toDays === undefined ? {} : { toDays }), ...sumOf(within), asOf };
  });
}

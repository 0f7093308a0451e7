import { weekOf, type BatchPart, type DonationTrace } from '@aidtrail/read-models';

/**
 * What is told of a gift in one table. Each cell, and what is told of no cell, holds fen of at least k vouchers or none;
 * together they are the whole. `level`: how fine the cells are; `none`: every finer table has a cell of fewer.
 */
export interface GiftTable<L extends string> {
  readonly level: L | 'none';
  readonly cells: readonly GiftCell[];
  readonly restMinor: number;
}

export interface GiftCell {
  /** Goods category, Monday of a week, YYYY-MM, day, or merchant id. */
  readonly cell: string;
  readonly label?: string;
  readonly amountMinor: number;
}

/**
 * On how many vouchers of each target group fen of the gift were, issued ones, whatever became of them. Counts, not amounts:
 * which part of a voucher is the gift's is known to its donor, and an amount would tell in which group that voucher is.
 * Each cell, and what is told of no cell, is k vouchers at least or none; together they are those told of the batches.
 */
export interface GiftGroups {
  readonly level: 'group' | 'none';
  readonly cells: readonly { readonly cell: string; readonly vouchers: number }[];
  readonly restVouchers: number;
}

export interface GiftTables {
  readonly groups: GiftGroups;
  readonly goods: GiftTable<'category'>;
  readonly weeks: GiftTable<'week' | 'month'>;
  readonly merchants: GiftTable<'merchant'>;
  readonly bankDays: GiftTable<'day' | 'month'>;
}

/** Some fen of the gift: in which cell, since which period, and on vouchers of which batch. */
interface Fen {
  readonly period: number;
  readonly cell: string;
  readonly batch: string;
  readonly faceMinor: number;
  readonly amountMinor: number;
}

interface Telling {
  readonly k: number;
  /** Periods before this one are over; of the others nothing is told. */
  readonly before: number;
}

/**
 * What may be told of a trace: one table at a time, never one by another. A donor may ask as often as they like, so a cell
 * grows only at the end of a week, a window or a bank day, and only by fen of at least k vouchers: the difference of two
 * answers tells no less than they do. `day`: the ledger's.
 */
export function giftTables(
  { batches, windows }: Pick<DonationTrace, 'batches' | 'windows'>,
  { day, k }: { readonly day: string; readonly k: number },
): GiftTables {
  const weekly = (cellOf: (monday: string, category: string) => string): readonly Fen[] =>
    fenOf(batches, ({ redeemedByWeek }) =>
      redeemedByWeek.map(({ amountMinor, category, monday }) => ({
        period: weekOf(monday),
        cell: cellOf(monday, category),
        amountMinor,
      })),
    );
  const paid = (cellOf: (day: string) => string): readonly Fen[] =>
    fenOf(batches, ({ paidByBankDay }) =>
      paidByBankDay.map((one) => ({ period: dayOf(one.day), cell: cellOf(one.day), amountMinor: one.amountMinor })),
    );
  const byMerchant = fenOf(batches, ({ redeemedByWindow }) =>
    redeemedByWindow.map(({ amountMinor, merchant, window }) => ({
      // Of a merchant whose name went with an erased person nothing is told.
      period: merchant === 'erased' ? Number.POSITIVE_INFINITY : window,
      cell: merchant,
      amountMinor,
    })),
  );
  const beforeWeek = { k, before: weekOf(day) };
  return {
    groups: groupsOf(batches, { k, before: dayOf(day) }),
    goods: finest([['category', weekly((_, category) => category)]], beforeWeek),
    weeks: finest(
      [
        ['week', weekly((monday) => monday)],
        // A week belongs to the month of its Monday.
        ['month', weekly((monday) => monday.slice(0, 7))],
      ],
      beforeWeek,
    ),
    merchants: finest([['merchant', byMerchant]], { k, before: windows + 1 }),
    bankDays: finest(
      [
        ['day', paid((bankDay) => bankDay)],
        ['month', paid((bankDay) => bankDay.slice(0, 7))],
      ],
      { k, before: dayOf(day) },
    ),
  };
}

/**
 * A batch is told as a whole once its last voucher was issued and that day is over; whatever becomes of a voucher later
 * changes nothing. Of a batch with fewer than k vouchers that the gift touched nothing is counted, as they are not told.
 */
function groupsOf(batches: readonly BatchPart[], telling: Telling): GiftGroups {
  const told = batches.filter(({ vouchersTouched }) => vouchersTouched >= telling.k);
  const { cells, level, restMinor } = finest(
    [
      [
        'group',
        told.flatMap(({ batch, completedDay, vouchersByGroup, vouchersTouched }): readonly Fen[] => {
          const counted = (cell: string, period: number, amountMinor: number): Fen => ({
            batch,
            cell,
            period,
            // A voucher counts as one, however many of its fen are the gift's.
            faceMinor: 1,
            amountMinor,
          });
          if (completedDay === null) return [counted('', Number.POSITIVE_INFINITY, vouchersTouched)];
          return vouchersByGroup.map(({ group, vouchers }) =>
            counted(group, group === 'erased' ? Number.POSITIVE_INFINITY : dayOf(completedDay), vouchers),
          );
        }),
      ],
    ],
    telling,
  );
  return {
    level,
    cells: cells.map(({ amountMinor: vouchers, cell }) => ({ cell, vouchers })),
    restVouchers: restMinor,
  };
}

const dayOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 86_400_000;

function fenOf(
  batches: readonly BatchPart[],
  of: (batch: BatchPart) => readonly Omit<Fen, 'batch' | 'faceMinor'>[],
): readonly Fen[] {
  return batches.flatMap((part) => of(part).map((fen) => ({ ...fen, batch: part.batch, faceMinor: part.faceMinor })));
}

/** The first level that tells every cell of all periods that are over; if there is none, what the last one may tell. */
function finest<L extends string>(
  levels: readonly (readonly [level: L, fen: readonly Fen[]])[],
  telling: Telling,
): GiftTable<L> {
  let told: GiftTable<L> = { level: 'none', cells: [], restMinor: 0 };
  for (const [level, fen] of levels) {
    const { cells, restMinor } = tell(fen, telling);
    told = { level: cells.length === 0 ? 'none' : level, cells, restMinor };
    const over = fen.filter(({ period }) => period < telling.before);
    if (cells.length > 0 && sumOf(cells) === sumOf(over)) return told;
  }
  return told;
}

/** Fen by batch, since the vouchers of two batches are never the same. */
class Heap {
  private readonly byBatch = new Map<string, { readonly faceMinor: number; amountMinor: number }>();

  add({ amountMinor, batch, faceMinor }: Pick<Fen, 'amountMinor' | 'batch' | 'faceMinor'>): void {
    const there = this.byBatch.get(batch);
    if (there === undefined) this.byBatch.set(batch, { faceMinor, amountMinor });
    else there.amountMinor += amountMinor;
  }

  take(other: Heap): void {
    for (const [batch, { amountMinor, faceMinor }] of other.byBatch) this.add({ batch, amountMinor, faceMinor });
    other.byBatch.clear();
  }

  get amountMinor(): number {
    return sumOf([...this.byBatch.values()]);
  }

  /** Fewest vouchers that can hold this much: none holds more than its face value. */
  get fewestVouchers(): number {
    let vouchers = 0;
    for (const { amountMinor, faceMinor } of this.byBatch.values()) vouchers += timesBegun(amountMinor, faceMinor);
    return vouchers;
  }
}

/** How often `whole` has begun when `part` is used up. */
function timesBegun(part: number, whole: number): number {
  return Math.ceil(part / whole);
}

function tell(
  fen: readonly Fen[],
  { before, k }: Telling,
): { readonly cells: readonly GiftCell[]; readonly restMinor: number } {
  const cells = new Map<string, { readonly told: Heap; readonly waiting: Heap }>();
  const rest = new Heap();
  const periods = byPeriod(fen);
  for (const period of [...periods.keys()].sort((a, b) => a - b)) {
    const ofPeriod = periods.get(period) ?? [];
    if (period >= before) {
      for (const one of ofPeriod) rest.add(one);
      continue;
    }
    for (const one of ofPeriod) {
      const cell = cells.get(one.cell) ?? { told: new Heap(), waiting: new Heap() };
      cells.set(one.cell, cell);
      cell.waiting.add(one);
    }
    for (const { told, waiting } of cells.values()) if (waiting.fewestVouchers >= k) told.take(waiting);
  }
  for (const { waiting } of cells.values()) rest.take(waiting);
  const shown = [...cells]
    .map(([cell, { told }]) => ({ cell, told }))
    .filter(({ told }) => told.amountMinor > 0)
    .sort((a, b) => b.told.amountMinor - a.told.amountMinor);
  // Whoever knows the whole knows the rest: it needs k vouchers, too, and takes in the smallest cells until it has them.
  while (rest.amountMinor > 0 && rest.fewestVouchers < k && shown.length > 0)
    rest.take((shown.pop() as { told: Heap }).told);
  return {
    cells: shown.map(({ cell, told }) => ({ cell, amountMinor: told.amountMinor })),
    restMinor: rest.amountMinor,
  };
}

function byPeriod(fen: readonly Fen[]): ReadonlyMap<number, readonly Fen[]> {
  const periods = new Map<number, Fen[]>();
  for (const one of fen) {
    const there = periods.get(one.period);
    if (there === undefined) periods.set(one.period, [one]);
    else there.push(one);
  }
  return periods;
}

function sumOf(parts: readonly { readonly amountMinor: number }[]): number {
  return parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

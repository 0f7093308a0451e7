import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BatchPart } from '@aidtrail/read-models';
import { giftTables, type GiftTable, type GiftTables } from './gift-tables.js';

const K = 10;
const FACE = 300;
const MONDAYS = ['2026-05-25', '2026-06-01', '2026-06-08', '2026-06-15', '2026-06-22'];
/** The first day after each week. */
const DAYS = ['2026-06-01', '2026-06-08', '2026-06-15', '2026-06-22', '2026-06-29'];

/** A purchase with a voucher: all of its fen are the gift's. */
interface Purchase {
  readonly voucher: number;
  readonly week: number;
  readonly category: string;
  readonly merchant: string;
  readonly amountMinor: number;
}

/** A batch as the trace has it at the end of a week, the present one included. */
function batchAt(purchases: readonly Purchase[], week: number): Pick<BatchPart, 'batch' | 'faceMinor'> & BatchPart {
  const cells = new Map<string, number>();
  const windows = new Map<string, number>();
  for (const one of purchases.filter((purchase) => purchase.week <= week)) {
    const cell = `${MONDAYS[one.week]}|${one.category}`;
    cells.set(cell, (cells.get(cell) ?? 0) + one.amountMinor);
    const window = `${one.week + 1}|${one.merchant}`;
    windows.set(window, (windows.get(window) ?? 0) + one.amountMinor);
  }
  const parted = (cell: string) => cell.split('|') as [string, string];
  return {
    batch: 'b',
    faceMinor: FACE,
    vouchersTouched: 0,
    redeemedByWeek: [...cells].map(([cell, amountMinor]) => {
      const [monday, category] = parted(cell);
      return { monday, category, amountMinor };
    }),
    redeemedByWindow: [...windows].map(([cell, amountMinor]) => {
      const [window, merchant] = parted(cell);
      return { window: Number(window), merchant, amountMinor };
    }),
    paidByBankDay: [...windows].map(([cell, amountMinor]) => {
      const day = MONDAYS[Number(parted(cell)[0]) - 1] as string;
      return { day, amountMinor };
    }),
  } as unknown as BatchPart;
}

/** At the end of `week`, when its windows are closed. */
const tablesAt = (purchases: readonly Purchase[], week: number): GiftTables =>
  giftTables({ batches: [batchAt(purchases, week)], windows: week + 1 }, { k: K, day: DAYS[week] as string });

const purchasesOf = (most: number): fc.Arbitrary<readonly Purchase[]> =>
  fc
    .array(
      fc.record({
        voucher: fc.integer({ min: 0, max: 60 }),
        week: fc.integer({ min: 0, max: 4 }),
        category: fc.constantFrom('food', 'oil', 'baby'),
        merchant: fc.constantFrom('north', 'south'),
        amountMinor: fc.integer({ min: 1, max: FACE }),
      }),
      { maxLength: most },
    )
    .map((all) => {
      // No voucher spends more than it holds.
      const spent = new Map<number, number>();
      return all.filter(({ amountMinor, voucher }) => {
        const sum = (spent.get(voucher) ?? 0) + amountMinor;
        if (sum > FACE) return false;
        spent.set(voucher, sum);
        return true;
      });
    });

const vouchersIn = (purchases: readonly Purchase[]): number => new Set(purchases.map(({ voucher }) => voucher)).size;
const sumOf = (parts: readonly { readonly amountMinor: number }[]): number =>
  parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
const wholeOf = ({ cells, restMinor }: GiftTable<string>): number => sumOf(cells) + restMinor;
const names = ['goods', 'weeks', 'merchants', 'bankDays'] as const;

describe('what a donor is told of the goods, weeks, merchants and bank days of a gift', () => {
  it('adds up to what was redeemed, and each cell and the rest have k vouchers behind them, or there is no table', () => {
    fc.assert(
      fc.property(purchasesOf(300), fc.integer({ min: 0, max: 4 }), (purchases, week) => {
        const before = purchases.filter((one) => one.week <= week);
        const tables = tablesAt(purchases, week);
        for (const name of names) {
          const { cells, level, restMinor } = tables[name];
          expect(wholeOf(tables[name])).toBe(sumOf(before));
          expect(level === 'none').toBe(cells.length === 0);
          for (const { amountMinor } of cells) expect(amountMinor).toBeGreaterThan((K - 1) * FACE);
          if (cells.length > 0 && restMinor > 0) expect(restMinor).toBeGreaterThan((K - 1) * FACE);
        }
        for (const { cell } of tables.goods.cells)
          expect(vouchersIn(before.filter(({ category }) => category === cell))).toBeGreaterThanOrEqual(K);
        for (const { cell } of tables.merchants.cells)
          expect(vouchersIn(before.filter(({ merchant }) => merchant === cell))).toBeGreaterThanOrEqual(K);
      }),
      { numRuns: 300 },
    );
  });

  it('tells by the difference of two answers nothing of fewer than k vouchers', () => {
    fc.assert(
      fc.property(purchasesOf(400), (purchases) => {
        const answers = DAYS.map((_day, week) => tablesAt(purchases, week));
        for (const [i, later] of answers.entries())
          for (const earlier of answers.slice(0, i))
            for (const name of names)
              for (const { amountMinor, cell } of later[name].cells) {
                if (later[name].level !== earlier[name].level) continue;
                const was = earlier[name].cells.find((one) => one.cell === cell)?.amountMinor ?? 0;
                if (amountMinor !== was) expect(amountMinor - was).toBeGreaterThan((K - 1) * FACE);
              }
      }),
      { numRuns: 300 },
    );
  });

  it('does not move while a week goes on, whatever is bought in it', () => {
    fc.assert(
      fc.property(purchasesOf(200), purchasesOf(30), (purchases, more) => {
        const batches = (all: readonly Purchase[]) => [batchAt(all, 4)];
        const during = { k: K, day: '2026-06-24' };
        const cells = (tables: GiftTables) => tables.goods.cells.map(({ cell }) => cell);
        const now = more.map((one) => ({ ...one, week: 4 }));
        const before = giftTables({ batches: batches(purchases.filter(({ week }) => week < 4)), windows: 4 }, during);
        const after = giftTables(
          { batches: batches([...purchases.filter(({ week }) => week < 4), ...now]), windows: 4 },
          during,
        );
        const amountIn = (tables: GiftTables, cell: string) =>
          tables.goods.cells.find((one) => one.cell === cell)?.amountMinor;
        for (const cell of cells(before))
          if (cells(after).includes(cell)) expect(amountIn(after, cell)).toBe(amountIn(before, cell));
      }),
      { numRuns: 200 },
    );
  });

  const each = (count: number, of: Partial<Purchase>): readonly Purchase[] =>
    Array.from({ length: count }, (_, i) => ({
      voucher: i,
      week: 0,
      category: 'food',
      merchant: 'north',
      amountMinor: FACE,
      ...of,
    }));

  it('tells weeks one by one where each holds k vouchers, and months where one does not', () => {
    const full = [...each(12, {}), ...each(11, { week: 1 })];
    expect(tablesAt(full, 2).weeks).toMatchObject({ level: 'week', restMinor: 0 });
    const [, , ...lean] = full;
    const { cells, level } = tablesAt([...lean, ...each(3, { week: 2 }), ...each(9, { week: 3 })], 4).weeks;
    expect(level).toBe('month');
    expect(cells).toContainEqual({ cell: '2026-06', amountMinor: (11 + 12) * FACE });
  });

  it('puts what is too little with the next smallest cell, and tells nothing where nothing is left', () => {
    const goods = [...each(30, {}), ...each(12, { category: 'oil' }), ...each(2, { category: 'baby' })];
    expect(tablesAt(goods, 1).goods).toEqual({
      level: 'category',
      cells: [{ cell: 'food', amountMinor: 30 * FACE }],
      restMinor: 14 * FACE,
    });
    expect(tablesAt(each(9, {}), 1).goods).toEqual({ level: 'none', cells: [], restMinor: 9 * FACE });
  });

  it('names no merchant that went with an erased person', () => {
    const { merchants } = tablesAt([...each(30, { merchant: 'erased' }), ...each(20, {})], 1);
    expect(merchants.cells.map(({ cell }) => cell)).toEqual(['north']);
  });
});

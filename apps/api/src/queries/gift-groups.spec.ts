import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BatchPart } from '@aidtrail/read-models';
import { giftTables, type GiftGroups } from './gift-tables.js';

const K = 10;
const DAYS = ['2026-06-01', '2026-06-02', '2026-06-03', '2026-06-04'];

/** What the gift touched of a batch: vouchers by group, and since which day all of them are issued. */
interface Touched {
  readonly completed: number;
  readonly groups: Readonly<Record<string, number>>;
}

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

function partOn(day: number, { completed, groups }: Touched, number: number): BatchPart {
  return {
    batch: `b${number}`,
    faceMinor: 300,
    completedDay: completed <= day ? DAYS[completed] : null,
    vouchersTouched: sumOf(Object.values(groups)),
    vouchersByGroup: Object.entries(groups).map(([group, vouchers]) => ({ group, vouchers })),
    redeemedByWeek: [],
    redeemedByWindow: [],
    paidByBankDay: [],
  } as unknown as BatchPart;
}

const groupsOn = (day: number, touched: readonly Touched[]): GiftGroups =>
  giftTables(
    { batches: touched.map((one, number) => partOn(day, one, number)), windows: 0 },
    { k: K, day: DAYS[day] as string },
  ).groups;

const count = fc.integer({ min: 0, max: 30 });
const batchesOfGift: fc.Arbitrary<readonly Touched[]> = fc.array(
  fc.record({
    completed: fc.integer({ min: 0, max: 4 }),
    groups: fc.record({ elderly: count, children: count, disabled: count, erased: fc.integer({ min: 0, max: 2 }) }),
  }),
  { maxLength: 5 },
);

const batch = (groups: Touched['groups'], completed = 0): Touched => ({ completed, groups });

describe('what a donor is told of the target groups that a gift reached', () => {
  it('adds up to the vouchers told of the batches, and each group and the rest are k of them, or no group is told', () => {
    fc.assert(
      fc.property(batchesOfGift, fc.integer({ min: 0, max: 3 }), (touched, day) => {
        const { cells, level, restVouchers } = groupsOn(day, touched);
        const told = touched.map(({ groups }) => sumOf(Object.values(groups))).filter((vouchers) => vouchers >= K);
        expect(sumOf(cells.map(({ vouchers }) => vouchers)) + restVouchers).toBe(sumOf(told));
        expect(level).toBe(cells.length === 0 ? 'none' : 'group');
        for (const { vouchers } of cells) expect(vouchers).toBeGreaterThanOrEqual(K);
        if (restVouchers > 0) expect(restVouchers).toBeGreaterThanOrEqual(K);
        expect(cells.map(({ cell }) => cell)).not.toContain('erased');
      }),
      { numRuns: 500 },
    );
  });

  it('grows from day to day by k vouchers of a group or not at all', () => {
    fc.assert(
      fc.property(batchesOfGift, (touched) => {
        const answers = DAYS.map((_day, day) => groupsOn(day, touched));
        for (const [i, later] of answers.entries())
          for (const earlier of answers.slice(0, i))
            for (const { cell, vouchers } of later.cells) {
              const was = earlier.cells.find((one) => one.cell === cell)?.vouchers ?? 0;
              if (vouchers !== was) expect(vouchers - was).toBeGreaterThanOrEqual(K);
            }
      }),
      { numRuns: 500 },
    );
  });

  it('names a group of nine vouchers nowhere: with the next smallest they are the rest', () => {
    expect(groupsOn(1, [batch({ elderly: 40, children: 12, disabled: 9 })])).toEqual({
      level: 'group',
      cells: [{ cell: 'elderly', vouchers: 40 }],
      restVouchers: 21,
    });
  });

  it('is nothing where every group is small, and says of how many vouchers', () => {
    expect(groupsOn(1, [batch({ elderly: 9, children: 9 })])).toEqual({ level: 'none', cells: [], restVouchers: 18 });
  });

  it('waits until the batch is issued and that day is over, so that no voucher is seen to come in alone', () => {
    const touched = [batch({ elderly: 20 }, 1)];
    const none = { level: 'none', cells: [], restVouchers: 20 };
    expect([groupsOn(0, touched), groupsOn(1, touched)]).toEqual([none, none]);
    expect(groupsOn(2, touched).cells).toEqual([{ cell: 'elderly', vouchers: 20 }]);
  });

  it('leaves out batches of which fewer than k vouchers were touched: the sum would tell how many', () => {
    const full = batch({ elderly: 30 });
    expect(groupsOn(1, [full, batch({ elderly: 9 })])).toEqual(groupsOn(1, [full]));
  });

  it('keeps an erased voucher in the rest, with others', () => {
    expect(groupsOn(1, [batch({ elderly: 40, children: 12, erased: 1 })])).toEqual({
      level: 'group',
      cells: [{ cell: 'elderly', vouchers: 40 }],
      restVouchers: 13,
    });
  });
});

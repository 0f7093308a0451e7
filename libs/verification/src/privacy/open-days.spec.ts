import { describe, expect, it } from '@jest/globals';
import { FACT_WINDOW_LEAVES } from '../rules/fact-window.js';
import { OpenDays, type ClosedDay } from './open-days.js';

const purchase = { voucher: 1, till: 2, amountMinor: 3 };
const shown = (closed: readonly ClosedDay[]) => closed.map(({ day, purchases }) => [day, purchases.length]);

describe('days that can still get more purchases', () => {
  it('stay open as long as an entry may rest on their beginning', () => {
    const days = new OpenDays();
    days.start('2026-06-01', 0);
    days.add('2026-06-01', 5, purchase);
    days.start('2026-06-02', 10);
    days.add('2026-06-01', 11, purchase);
    days.add('2026-06-02', 12, purchase);
    expect(days.closedBefore(10 + FACT_WINDOW_LEAVES)).toStrictEqual([]);
    expect(shown(days.closedBefore(11 + FACT_WINDOW_LEAVES))).toStrictEqual([['2026-06-01', 2]]);
    expect(shown(days.closedBefore(9 * FACT_WINDOW_LEAVES))).toStrictEqual([]);
    expect(shown(days.rest())).toStrictEqual([['2026-06-02', 1]]);
    expect(days.rest()).toStrictEqual([]);
  });

  it('keep the day of the opening open, however much is bought on it', () => {
    const days = new OpenDays();
    days.start('2026-06-01', 0);
    days.add('2026-06-01', 1, purchase);
    days.add('2026-06-01', 5 * FACT_WINDOW_LEAVES, purchase);
    expect(days.closedBefore(6 * FACT_WINDOW_LEAVES)).toStrictEqual([]);
    expect(shown(days.rest())).toStrictEqual([['2026-06-01', 2]]);
  });

  it('count a day that an entry names too late for itself, and lose none of it', () => {
    const days = new OpenDays();
    days.start('2026-06-02', 0);
    days.add('2025-01-01', 1, purchase);
    days.add('2026-06-02', 2, purchase);
    expect(shown(days.closedBefore(2 + FACT_WINDOW_LEAVES))).toStrictEqual([['2025-01-01', 1]]);
    days.add('2025-01-01', 3 + FACT_WINDOW_LEAVES, purchase);
    expect(shown(days.rest())).toStrictEqual([
      ['2026-06-02', 1],
      ['2025-01-01', 1],
    ]);
  });
});

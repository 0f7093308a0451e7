import { describe, expect, it } from '@jest/globals';
import { monthsOf } from './time-line.js';

const cell = (name: string) => ({
  cell: name,
  label: undefined,
  count: { value: 1 },
  amount: { value: 100 },
});

describe('a time line', () => {
  it('has every month from the first to the last, across the year, also those in which nothing happened', () => {
    const months = monthsOf([cell('2026-02'), cell('2025-11')]);
    expect(months.map(({ cell: of, month }) => [month, of !== undefined])).toEqual([
      ['2025-11', true],
      ['2025-12', false],
      ['2026-01', false],
      ['2026-02', true],
    ]);
  });

  it('has none of what is no month, and is never endless', () => {
    expect(monthsOf([cell('2026-13'), cell('x')])).toEqual([]);
    expect(monthsOf([cell('0001-01'), cell('2026-01')])).toHaveLength(120);
  });
});

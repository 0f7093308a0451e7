import type { ShownCell } from './read-figures.js';

/** One month of the time line. Without a cell nothing happened in it. */
export interface Month {
  readonly month: string;
  readonly cell: ShownCell | undefined;
}

const LONGEST = 120;

/** Untrusted: the cells. Every month from the first to the last, also those in which nothing happened. */
export function monthsOf(cells: readonly ShownCell[]): readonly Month[] {
  const byMonth = new Map(
    cells.filter(({ cell }) => /^\d{4}-(0[1-9]|1[0-2])$/.test(cell)).map((one) => [one.cell, one]),
  );
  const names = [...byMonth.keys()].sort();
  const [first, last] = [names[0], names.at(-1)];
  const months: Month[] = [];
  for (let month = first; month !== undefined && last !== undefined && month <= last; month = following(month))
    months.push({ month, cell: byMonth.get(month) });
  return months.slice(-LONGEST);
}

function following(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12
    ? `${String(year + 1).padStart(4, '0')}-01`
    : `${String(year).padStart(4, '0')}-${String(number + 1).padStart(2, '0')}`;
}

import type { ShownFigures, Told } from './read-figures.js';

/** Where a number stands on the page; the same in every publication. */
export const pathOf = {
  total: (key: string): string => `total/${key}`,
  cell: (table: string, cell: string, column: 'count' | 'amount'): string => `${table}/${cell}/${column}`,
  tableTotal: (table: string, column: 'count' | 'amount'): string => `${table}//${column}`,
  settled: (group: string, name: string, column: 'count' | 'net'): string => `settlement-${group}/${name}/${column}`,
};

/** The paths of the numbers that are others than before, or were not told before. */
export function changesBetween(before: ShownFigures, after: ShownFigures): ReadonlySet<string> {
  const old = numbersOf(before);
  const changed = new Set<string>();
  for (const [path, told] of numbersOf(after)) {
    const was = old.get(path);
    if ('value' in told && !(was !== undefined && 'value' in was && was.value === told.value)) changed.add(path);
  }
  return changed;
}

function numbersOf({ settlements, tables, totals }: ShownFigures): ReadonlyMap<string, Told> {
  const numbers = new Map<string, Told>();
  for (const { key, told } of totals) numbers.set(pathOf.total(key), told);
  for (const { cells, name, total } of tables) {
    for (const column of ['count', 'amount'] as const) {
      for (const cell of cells) numbers.set(pathOf.cell(name, cell.cell, column), cell[column]);
      numbers.set(pathOf.tableTotal(name, column), total[column]);
    }
  }
  for (const column of ['count', 'net'] as const) {
    for (const line of settlements.byStatus) numbers.set(pathOf.settled('status', line.status, column), line[column]);
    for (const line of settlements.ageing)
      numbers.set(pathOf.settled('age', String(line.fromDays), column), line[column]);
  }
  return numbers;
}

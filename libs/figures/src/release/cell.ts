/** What a cell of a table holds. */
export interface CellSum {
  count: number;
  amountMinor: number;
}

export interface ToldSum extends CellSum {
  /** The tree size at which it was exactly this. */
  asOf: number;
}

/** In place. */
export function increase(sum: CellSum, { count, amountMinor }: CellSum): void {
  sum.count += count;
  sum.amountMinor += amountMinor;
}

export function plus(sum: CellSum | undefined, more: CellSum): CellSum {
  return {
    count: (sum?.count ?? 0) + more.count,
    amountMinor: (sum?.amountMinor ?? 0) + more.amountMinor,
  };
}

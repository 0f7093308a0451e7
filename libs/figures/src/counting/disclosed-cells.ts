import type { CellSum } from '../release/cell.js';

/** Where disclosures say nothing, or are not there. No code and no id is like it. */
export const NOT_DISCLOSED = '-';

/** Goods categories stand with a sign before them: a code may be any word, also one that means something to JavaScript. */
const CATEGORY = '=';
export const categoryOf = (cell: string): string => (cell.startsWith(CATEGORY) ? cell.slice(CATEGORY.length) : cell);

type Disclosed = Readonly<Record<string, unknown>> | undefined;

export function merchantCell(disclosed: Disclosed): string {
  const merchant = disclosed?.['merchant'];
  return typeof merchant === 'string' ? merchant : NOT_DISCLOSED;
}

interface Line {
  readonly category: string;
  readonly amountMinor: number;
}

/**
 * A redemption's amount by goods category, shared out over the allowed lines of its basket in order: line j ends at
 * ⌊amount · (sum of the lines up to j) / (sum of all)⌋, so that the shares sum to the amount.
 */
export function categoryCells(amountMinor: number, disclosed: Disclosed): ReadonlyMap<string, CellSum> {
  const cells = new Map<string, CellSum>();
  const lines = allowedLines(disclosed);
  const wholeMinor = lines.reduce((sum, line) => sum + line.amountMinor, 0);
  if (wholeMinor === 0) return cells.set(NOT_DISCLOSED, { count: 1, amountMinor });
  let runningMinor = 0;
  let sharedMinor = 0;
  for (const { category, amountMinor: lineMinor } of lines) {
    runningMinor += lineMinor;
    const upToMinor = Number((BigInt(amountMinor) * BigInt(runningMinor)) / BigInt(wholeMinor));
    const cell = `${CATEGORY}${category}`;
    const before = cells.get(cell)?.amountMinor ?? 0;
    cells.set(cell, { count: 1, amountMinor: before + upToMinor - sharedMinor });
    sharedMinor = upToMinor;
  }
  return cells;
}

function allowedLines(disclosed: Disclosed): readonly Line[] {
  const { basket, verdicts } = (disclosed ?? {}) as {
    readonly basket?: readonly Line[];
    readonly verdicts?: readonly { readonly line: number; readonly verdict: string }[];
  };
  if (!Array.isArray(basket)) return [];
  const denied = new Set((verdicts ?? []).flatMap(({ line, verdict }) => (verdict === 'denied' ? [line] : [])));
  return (basket as readonly Line[]).filter((_, i) => !denied.has(i));
}

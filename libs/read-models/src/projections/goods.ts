import { endOf, intersect, subtract, type Interval, type SegmentList } from '@aidtrail/domain';

/** [category, amount] in basket order; the amounts sum to the redemption's. */
export type Goods = readonly (readonly [category: string, amountMinor: number])[];
/** [start, length, to]: fen of a redemption that were reversed, and where they went. */
export type Reversed = readonly (readonly [start: number, length: number, to: string])[];

/**
 * Shares a redemption's amount out over the allowed lines of its basket, in order: line j ends at
 * ⌊amount · (sum of the lines up to j) / (sum of all)⌋, so the shares sum to the amount exactly. Undefined without a
 * basket.
 */
export function goodsOf(amount: number, disclosed: Readonly<Record<string, unknown>> | undefined): Goods | undefined {
  const basket = disclosed?.['basket'] as readonly { category: string; amountMinor: number }[] | undefined;
  if (!Array.isArray(basket)) return undefined;
  const verdicts = (disclosed?.['verdicts'] ?? []) as readonly { line: number; verdict: string }[];
  const denied = new Set(verdicts.filter((verdict) => verdict.verdict === 'denied').map((verdict) => verdict.line));
  const allowed = (basket as readonly { category: string; amountMinor: number }[]).filter((_, i) => !denied.has(i));
  const total = allowed.reduce((sum, line) => sum + line.amountMinor, 0);
  if (total === 0) return undefined;
  const goods: [string, number][] = [];
  let running = 0;
  let shared = 0;
  for (const line of allowed) {
    running += line.amountMinor;
    const upTo = proportion(amount, running, total);
    const last = goods[goods.length - 1];
    if (last !== undefined && last[0] === line.category) last[1] += upTo - shared;
    else goods.push([line.category, upTo - shared]);
    shared = upTo;
  }
  return goods;
}

function proportion(amount: number, part: number, whole: number): number {
  const product = amount * part;
  if (Number.isSafeInteger(product)) return Math.floor(product / whole);
  return Number((BigInt(amount) * BigInt(part)) / BigInt(whole));
}

/** A redemption's own addresses with the category that each piece paid for: ['', …] where the basket is unknown. */
function piecesOf(
  segments: SegmentList,
  goods: Goods | null | undefined,
): readonly { readonly category: string; readonly interval: Interval }[] {
  if (!goods) return segments.map((interval) => ({ category: '', interval }));
  const pieces: { category: string; interval: Interval }[] = [];
  let index = 0;
  let left = goods[0]?.[1] ?? 0;
  for (const segment of segments) {
    let start = segment[0];
    while (start < endOf(segment)) {
      while (left === 0 && index < goods.length - 1) left = goods[(index += 1)]?.[1] ?? 0;
      const length = left === 0 ? endOf(segment) - start : Math.min(left, endOf(segment) - start);
      pieces.push({ category: goods[index]?.[0] ?? '', interval: [start, length] });
      start += length;
      left = Math.max(0, left - length);
    }
  }
  return pieces;
}

/** How much of each category lies within `part`. */
export function goodsWithin(
  segments: SegmentList,
  goods: Goods | null | undefined,
  part: SegmentList,
): Map<string, number> {
  const amounts = new Map<string, number>();
  for (const { category, interval } of piecesOf(segments, goods)) {
    let amount = 0;
    for (const shared of intersect([interval], part)) amount += shared[1];
    if (amount > 0) amounts.set(category, (amounts.get(category) ?? 0) + amount);
  }
  return amounts;
}

/** The segments of a redemption that were not reversed. */
export function remainingOf(segments: SegmentList, reversed: Reversed | null): SegmentList {
  if (reversed === null || reversed.length === 0) return segments;
  const gone = [...reversed].sort((a, b) => a[0] - b[0]).map(([start, length]): Interval => [start, length]);
  return subtract(segments, gone);
}

/**
 * Intervals and segment lists on a number line of fen: `[start, length]`, both safe integers, length ≥ 1.
 * A *segment list* is ordered; where it stands for a set of addresses it is also disjoint and merged ("normal").
 */
export type Interval = readonly [start: number, length: number];
export type SegmentList = readonly Interval[];

/** Most segments that one event may carry; longer lists are spread over several numbered events. */
export const MAX_SEGMENTS_PER_EVENT = 500;

export function endOf([start, length]: Interval): number {
  return start + length;
}

export function totalOf(segments: SegmentList): number {
  let total = 0;
  for (const segment of segments) total += segment[1];
  return total;
}

/** True if ordered, disjoint, merged, with safe non-negative starts and positive lengths. */
export function isNormal(segments: SegmentList): boolean {
  let previousEnd = -1;
  for (const [start, length] of segments) {
    if (!Number.isSafeInteger(start) || !Number.isSafeInteger(length) || length < 1 || start <= previousEnd)
      return false;
    previousEnd = start + length;
    if (!Number.isSafeInteger(previousEnd)) return false;
  }
  return true;
}

/** Splits a normal list into its leftmost `amount` fen and the rest; undefined if there is less than `amount`. */
export function takeLeftmost(
  segments: SegmentList,
  amount: number,
): { readonly taken: SegmentList; readonly rest: SegmentList } | undefined {
  const taken: Interval[] = [];
  let missing = amount;
  let index = 0;
  for (; index < segments.length && missing > 0; index += 1) {
    const [start, length] = segments[index] as Interval;
    if (length > missing) {
      taken.push([start, missing]);
      return { taken, rest: [[start + missing, length - missing], ...segments.slice(index + 1)] };
    }
    taken.push([start, length]);
    missing -= length;
  }
  return missing > 0 ? undefined : { taken, rest: segments.slice(index) };
}

/** The union of two normal lists, normal. Overlapping addresses count once. */
export function union(a: SegmentList, b: SegmentList): SegmentList {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const last = a[a.length - 1] as Interval;
  const first = b[0] as Interval;
  if (endOf(last) < first[0]) return [...a, ...b];
  const merged: [number, number][] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const next = j >= b.length || (i < a.length && (a[i] as Interval)[0] <= (b[j] as Interval)[0]) ? a[i++] : b[j++];
    const [start, length] = next as Interval;
    const top = merged[merged.length - 1];
    if (top !== undefined && start <= top[0] + top[1]) top[1] = Math.max(top[1], start + length - top[0]);
    else merged.push([start, length]);
  }
  return merged;
}

/** What two normal lists share, normal. */
export function intersect(a: SegmentList, b: SegmentList): SegmentList {
  const shared: Interval[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const left = a[i] as Interval;
    const right = b[j] as Interval;
    const start = Math.max(left[0], right[0]);
    const end = Math.min(endOf(left), endOf(right));
    if (start < end) shared.push([start, end - start]);
    if (endOf(left) <= endOf(right)) i += 1;
    else j += 1;
  }
  return shared;
}

/** The addresses of `a` that are not in `b`, normal. */
export function subtract(a: SegmentList, b: SegmentList): SegmentList {
  const left: Interval[] = [];
  let j = 0;
  for (const segment of a) {
    let start = segment[0];
    const end = endOf(segment);
    while (j < b.length && endOf(b[j] as Interval) <= start) j += 1;
    for (let k = j; k < b.length && (b[k] as Interval)[0] < end; k += 1) {
      const hole = b[k] as Interval;
      if (hole[0] > start) left.push([start, hole[0] - start]);
      start = Math.max(start, endOf(hole));
    }
    if (start < end) left.push([start, end - start]);
  }
  return left;
}

/** True if every address of `part` is in `whole` (both normal). */
export function includes(whole: SegmentList, part: SegmentList): boolean {
  return totalOf(intersect(whole, part)) === totalOf(part);
}

/** Puts a list in order and merges what touches. The input must be disjoint. */
export function normalise(segments: SegmentList): SegmentList {
  const ordered = [...segments].sort((a, b) => a[0] - b[0]);
  return ordered.reduce<SegmentList>((list, segment) => union(list, [segment]), []);
}

/**
 * Maps addresses through a move. The fen of `from` (in list order) lie one after another on the target line from
 * `toStart` on; the result is where those of them lie that are also in `part`, in order and merged.
 */
export function mapThrough(from: SegmentList, toStart: number, part: SegmentList): SegmentList {
  const mapped: Interval[] = [];
  let offset = toStart;
  for (const segment of from) {
    for (const [start, length] of intersect([segment], part)) mapped.push([offset + start - segment[0], length]);
    offset += segment[1];
  }
  return normalise(mapped);
}

/** Spreads a list over chunks of at most `MAX_SEGMENTS_PER_EVENT` segments. An empty list gives no chunk. */
export function chunkSegments(segments: SegmentList, size: number = MAX_SEGMENTS_PER_EVENT): readonly SegmentList[] {
  const chunks: SegmentList[] = [];
  for (let i = 0; i < segments.length; i += size) chunks.push(segments.slice(i, i + size));
  return chunks;
}

/** A copy as plain arrays, which is what the schemas of events infer. */
export function listed(segments: SegmentList): [number, number][] {
  return segments.map(([start, length]) => [start, length]);
}

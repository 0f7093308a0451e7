import { endOf, type Interval, type SegmentList } from '@aidtrail/domain';

/** Intervals in any order, disjoint or touching, as a normal list. Sorts once, so it suits many pieces. */
export function merged(intervals: readonly Interval[]): SegmentList {
  const ordered = [...intervals].sort((a, b) => a[0] - b[0]);
  const list: [number, number][] = [];
  for (const [start, length] of ordered) {
    const last = list[list.length - 1];
    if (last !== undefined && start <= last[0] + last[1]) last[1] = Math.max(last[1], start + length - last[0]);
    else list.push([start, length]);
  }
  return list;
}

/** The part of a normal list within [start, end). Finds its place by bisection. */
export function clip(list: SegmentList, start: number, end: number): SegmentList {
  const part: Interval[] = [];
  for (let i = firstEndingAfter(list, start); i < list.length; i += 1) {
    const interval = list[i] as Interval;
    if (interval[0] >= end) break;
    const from = Math.max(start, interval[0]);
    part.push([from, Math.min(end, endOf(interval)) - from]);
  }
  return part;
}

/** Maps what `part` (normal) has of the pieces of a move: they lie in order, one after another, from `toStart` on. */
export function mapPieces(pieces: SegmentList, toStart: number, part: SegmentList): readonly Interval[] {
  const mapped: Interval[] = [];
  let offset = toStart;
  for (const [start, length] of pieces) {
    for (const shared of clip(part, start, start + length)) mapped.push([offset + shared[0] - start, shared[1]]);
    offset += length;
  }
  return mapped;
}

/** The smallest [start, end) around a normal list that is not empty. */
export function hullOf(list: SegmentList): readonly [number, number] {
  return [(list[0] as Interval)[0], endOf(list[list.length - 1] as Interval)];
}

function firstEndingAfter(list: SegmentList, start: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (endOf(list[middle] as Interval) > start) high = middle;
    else low = middle + 1;
  }
  return low;
}

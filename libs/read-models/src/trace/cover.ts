import { endOf, subtract, totalOf, type Interval, type SegmentList } from '@aidtrail/domain';
import { CHUNKS_PER_BLOCK, VOUCHERS_PER_CHUNK } from '../tables/index.js';
import { merged } from './intervals.js';

/** A slice of one block's chunks, 1-based and inclusive as in PostgreSQL. */
export interface Slice {
  readonly block: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Addresses on a batch line as chunks and what they differ by at their edges, where exact rows are read: `edges` are to be
 * added to the chunks, `beyond` to be taken off. Of a chunk that is not followed as a whole, the smaller part is read.
 */
export interface Cover {
  readonly slices: readonly Slice[];
  /** Normal, as `beyond`. */
  readonly edges: SegmentList;
  readonly beyond: SegmentList;
}

export function coverOf(batch: { readonly count: number; readonly voucherLength: number }, list: SegmentList): Cover {
  const chunkLength = VOUCHERS_PER_CHUNK * batch.voucherLength;
  // Figures that contradict each other are found by whoever adds them up.
  const lineEnd = Math.max(batch.count * batch.voucherLength, ...list.slice(-1).map(endOf));
  const chunks: Interval[] = [];
  const partly = new Map<number, Interval[]>();
  for (const interval of list) {
    const end = endOf(interval);
    let start = interval[0];
    while (start < end) {
      const chunk = Math.floor(start / chunkLength);
      // The last chunk of a batch may be short.
      const chunkEnd = Math.min((chunk + 1) * chunkLength, lineEnd);
      if (start === chunk * chunkLength && end >= chunkEnd) {
        const after = end === lineEnd ? Math.ceil(end / chunkLength) : Math.floor(end / chunkLength);
        chunks.push([chunk, after - chunk]);
        start = Math.min(after * chunkLength, lineEnd);
      } else {
        const pieces = partly.get(chunk) ?? [];
        partly.set(chunk, pieces);
        pieces.push([start, Math.min(end, chunkEnd) - start]);
        start = Math.min(end, chunkEnd);
      }
    }
  }
  const edges: Interval[] = [];
  const beyond: Interval[] = [];
  for (const [chunk, pieces] of partly) {
    const start = chunk * chunkLength;
    const whole: Interval = [start, Math.min(start + chunkLength, lineEnd) - start];
    if (totalOf(pieces) * 2 > whole[1]) {
      chunks.push([chunk, 1]);
      beyond.push(...subtract([whole], pieces));
    } else edges.push(...pieces);
  }
  const slices = merged(chunks).flatMap(([first, length]) => slicesOf(first, first + length));
  return { slices, edges: merged(edges), beyond: merged(beyond) };
}

/** Chunks [first, last) block by block. */
function slicesOf(first: number, last: number): readonly Slice[] {
  const slices: Slice[] = [];
  for (let block = Math.floor(first / CHUNKS_PER_BLOCK); block * CHUNKS_PER_BLOCK < last; block += 1) {
    const base = block * CHUNKS_PER_BLOCK;
    const from = Math.max(first, base);
    const to = Math.min(last, base + CHUNKS_PER_BLOCK);
    slices.push({ block, low: from - base + 1, high: to - base });
  }
  return slices;
}

/** The numbers of the vouchers that a list of addresses touches, as a normal list. */
export function numbersOf(list: SegmentList, voucherLength: number): SegmentList {
  return merged(
    list.map((interval): Interval => {
      const first = Math.floor(interval[0] / voucherLength);
      return [first, Math.ceil(endOf(interval) / voucherLength) - first];
    }),
  );
}

/** The numbers of the vouchers of which a normal list has every address, as a normal list. */
export function wholeNumbersOf(list: SegmentList, voucherLength: number): SegmentList {
  const whole: Interval[] = [];
  for (const interval of list) {
    const first = Math.ceil(interval[0] / voucherLength);
    const after = Math.floor(endOf(interval) / voucherLength);
    if (after > first) whole.push([first, after - first]);
  }
  return whole;
}

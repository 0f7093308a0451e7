import { endOf, type Interval, type SegmentList } from '@aidtrail/domain';
import { CHUNKS_PER_BLOCK, VOUCHERS_PER_CHUNK } from '../tables/index.js';
import { merged } from './intervals.js';

/** A slice of one block's chunks, 1-based and inclusive as in PostgreSQL. */
export interface Slice {
  readonly block: number;
  readonly low: number;
  readonly high: number;
}

/** Addresses on a batch line split into whole chunks and the edges that need exact rows. */
export interface Cover {
  readonly slices: readonly Slice[];
  /** Normal. */
  readonly edges: SegmentList;
}

export function coverOf(batch: { readonly count: number; readonly voucherLength: number }, list: SegmentList): Cover {
  const chunkLength = VOUCHERS_PER_CHUNK * batch.voucherLength;
  const lineEnd = batch.count * batch.voucherLength;
  const chunks = Math.ceil(batch.count / VOUCHERS_PER_CHUNK);
  const slices: Slice[] = [];
  const edges: Interval[] = [];
  for (const [start, length] of list) {
    const end = start + length;
    const first = Math.ceil(start / chunkLength);
    // The last chunk of a batch may be short; it is whole when the line is covered to its end.
    const last = end === lineEnd ? chunks : Math.floor(end / chunkLength);
    if (first >= last) {
      edges.push([start, length]);
      continue;
    }
    if (start < first * chunkLength) edges.push([start, first * chunkLength - start]);
    const covered = Math.min(last * chunkLength, lineEnd);
    if (covered < end) edges.push([covered, end - covered]);
    slices.push(...slicesOf(first, last));
  }
  return { slices, edges: merged(edges) };
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

import type pg from 'pg';
import { intersect, subtract, totalOf, type SegmentList } from '@aidtrail/domain';
import { goodsWithin, remainingOf, type Goods, type Reversed } from '../projections/goods.js';
import { add, type BatchStates, type TracedBatch } from './states.js';
import { numbersOf, type Cover } from './cover.js';
import { clip } from './intervals.js';

interface VoucherRow {
  readonly batch: string;
  readonly number: number;
  readonly status: string;
}

interface RedemptionRow {
  readonly batch: string;
  readonly number: number;
  readonly position: number;
  readonly merchant: string;
  readonly segments: SegmentList;
  readonly goods: Goods | null;
  readonly reversed: Reversed | null;
}

/** Vouchers at the edges of what is followed, address by address. */
export async function addEdges(
  client: pg.ClientBase,
  covers: ReadonlyMap<TracedBatch, Cover>,
  states: ReadonlyMap<string, BatchStates>,
): Promise<void> {
  const ranges = [...covers].flatMap(([{ batch, voucherLength }, { edges }]) =>
    numbersOf(edges, voucherLength).map(([first, count]) => ({ batch, first, last: first + count - 1 })),
  );
  if (ranges.length === 0) return;
  const values = [
    ranges.map((range) => range.batch),
    ranges.map((range) => range.first),
    ranges.map((range) => range.last),
  ];
  const inRanges = 'from unnest($1::uuid[], $2::int[], $3::int[]) as q(batch, first, last)';
  const [vouchers, redemptions, cutoffs] = await Promise.all([
    client.query<VoucherRow>({
      name: 'trace_vouchers',
      text: `select v.batch, v.number, v.status ${inRanges}
             join read.vouchers v on v.batch = q.batch and v.number between q.first and q.last`,
      values,
    }),
    client.query<RedemptionRow>({
      name: 'trace_redemptions',
      text: `select r.batch, r.number, r.position, r.merchant, r.segments, r.goods, r.reversed ${inRanges}
             join read.redemptions r on r.batch = q.batch and r.number between q.first and q.last`,
      values,
    }),
    client.query<{ window_to: number }>({
      name: 'trace_cutoffs',
      text: 'select window_to from read.cutoffs order by cutoff',
    }),
  ]);
  const ends = cutoffs.rows.map((row) => row.window_to);
  const byVoucher = new Map<string, RedemptionRow[]>();
  for (const row of redemptions.rows) {
    const id = `${row.batch}|${row.number}`;
    const rows = byVoucher.get(id);
    if (rows === undefined) byVoucher.set(id, [row]);
    else rows.push(row);
  }
  const batches = new Map([...covers].map(([batch, cover]) => [batch.batch, { batch, edges: cover.edges }]));
  for (const voucher of vouchers.rows) {
    const { batch, edges } = batches.get(voucher.batch) as { batch: TracedBatch; edges: SegmentList };
    const start = voucher.number * batch.voucherLength;
    addVoucher(states.get(batch.batch) as BatchStates, {
      own: clip(edges, start, start + batch.voucherLength),
      status: voucher.status,
      redemptions: byVoucher.get(`${voucher.batch}|${voucher.number}`) ?? [],
      ends,
    });
  }
}

function addVoucher(
  state: BatchStates,
  voucher: {
    readonly own: SegmentList;
    readonly status: string;
    readonly redemptions: readonly RedemptionRow[];
    readonly ends: readonly number[];
  },
): void {
  state.issued += totalOf(voucher.own);
  let rest = voucher.own;
  for (const row of voucher.redemptions) {
    const redeemed = intersect(remainingOf(row.segments, row.reversed), voucher.own);
    add(state.redeemed, `${row.merchant}|${windowAt(voucher.ends, row.position)}`, totalOf(redeemed));
    for (const [category, amount] of goodsWithin(row.segments, row.goods, redeemed)) add(state.goods, category, amount);
    rest = subtract(rest, redeemed);
    for (const [start, length, to] of row.reversed ?? []) {
      if (to === 'voucher') continue;
      const gone = intersect([[start, length]], voucher.own);
      if (to === 'fund') state.givenBack += totalOf(gone);
      else state.owed += totalOf(gone);
      rest = subtract(rest, gone);
    }
  }
  const unspent = totalOf(rest);
  if (voucher.status === 'issued') state.unclaimed += unspent;
  else if (voucher.status === 'claimed') state.held += unspent;
  else state.givenBack += unspent;
}

/** Number of the window of a position: cut-off n ends before `ends[n - 1]`. */
function windowAt(ends: readonly number[], position: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ends[middle] as number) > position) high = middle;
    else low = middle + 1;
  }
  return low + 1;
}

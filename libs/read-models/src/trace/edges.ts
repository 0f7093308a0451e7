import type pg from 'pg';
import { intersect, subtract, totalOf, type SegmentList } from '@aidtrail/domain';
import { goodsWithin, remainingOf, type Goods, type Reversed } from '../projections/goods.js';
import { add, type BatchStates, type TracedBatch } from './states.js';
import { numbersOf, wholeNumbersOf, type Cover } from './cover.js';
import { clip } from './intervals.js';
import { weekOf } from './weeks.js';

/** Addresses of one batch whose vouchers are read one by one: added to its states, or taken off them. */
interface Edge {
  readonly batch: TracedBatch;
  readonly list: SegmentList;
  readonly sign: 1 | -1;
  readonly state: BatchStates;
}

/** Consecutive vouchers; all addresses of each belong to the edge, or only some. */
interface Range {
  readonly edge: number;
  readonly batch: string;
  readonly first: number;
  readonly last: number;
  readonly whole: boolean;
}

/** Vouchers whose addresses all belong to an edge, summed. */
interface WholeRow {
  readonly edge: number;
  readonly unclaimed: boolean;
  readonly target_group: string;
  readonly count: number;
  readonly unspent: number;
  readonly given_back: number;
  readonly owed: number;
}

interface PartRow {
  readonly edge: number;
  readonly number: number;
  readonly status: string;
  readonly target_group: string;
}

interface RedemptionRow {
  readonly edge: number;
  readonly whole: boolean;
  readonly number: number;
  readonly position: number;
  readonly merchant: string;
  readonly day: string;
  readonly remaining: number;
  /** Null where goods and remaining amount say all. */
  readonly segments: SegmentList | null;
  readonly goods: Goods | null;
  readonly reversed: Reversed | null;
}

/** Vouchers at the edges of what is followed: sums of whole vouchers, single addresses of others. */
export async function addEdges(
  client: pg.ClientBase,
  covers: ReadonlyMap<TracedBatch, Cover>,
  of: { readonly states: ReadonlyMap<string, BatchStates>; readonly cutoffEnds: readonly number[] },
): Promise<void> {
  const edges = [...covers].flatMap(([batch, { beyond, edges: within }]): Edge[] => {
    const state = of.states.get(batch.batch) as BatchStates;
    return [
      { batch, list: within, sign: 1, state },
      { batch, list: beyond, sign: -1, state },
    ];
  });
  const ranges = edges.flatMap(rangesOf);
  if (ranges.length === 0) return;
  const { parts, redemptions, whole } = await rowsOf(client, ranges);
  for (const row of whole) addWhole(edges[row.edge] as Edge, row);
  const byPart = new Map<string, RedemptionRow[]>();
  for (const row of redemptions) {
    const cell = `${row.merchant}|${windowAt(of.cutoffEnds, row.position)}`;
    if (row.whole) addRedemption(edges[row.edge] as Edge, row, cell);
    else {
      const id = `${row.edge}|${row.number}`;
      byPart.set(id, [...(byPart.get(id) ?? []), row]);
    }
  }
  for (const row of parts)
    addPart(edges[row.edge] as Edge, row, {
      redemptions: byPart.get(`${row.edge}|${row.number}`) ?? [],
      cutoffEnds: of.cutoffEnds,
    });
}

function rangesOf({ batch: { batch, voucherLength }, list }: Edge, edge: number): readonly Range[] {
  const whole = wholeNumbersOf(list, voucherLength);
  const range = (isWhole: boolean) => (numbers: readonly [number, number]) => ({
    edge,
    batch,
    first: numbers[0],
    last: numbers[0] + numbers[1] - 1,
    whole: isWhole,
  });
  return [...whole.map(range(true)), ...subtract(numbersOf(list, voucherLength), whole).map(range(false))];
}

async function rowsOf(client: pg.ClientBase, ranges: readonly Range[]) {
  const values = [
    ranges.map((range) => range.edge),
    ranges.map((range) => range.batch),
    ranges.map((range) => range.first),
    ranges.map((range) => range.last),
    ranges.map((range) => range.whole),
  ];
  const inRanges = `from unnest($1::int[], $2::uuid[], $3::int[], $4::int[], $5::bool[]) as q(edge, batch, first, last, whole)`;
  const [whole, parts, redemptions] = await Promise.all([
    client.query<WholeRow>({
      name: 'trace_whole_vouchers',
      text: `select q.edge, v.status = 'issued' as unclaimed, v.target_group, count(*) as count, sum(v.unspent_minor) as unspent,
                    sum(v.given_back_minor) as given_back, sum(v.owed_minor) as owed ${inRanges}
             join read.vouchers v on v.batch = q.batch and v.number between q.first and q.last
             where q.whole group by q.edge, v.status = 'issued', v.target_group`,
      values,
    }),
    client.query<PartRow>({
      name: 'trace_part_vouchers',
      text: `select q.edge, v.number, v.status, v.target_group ${inRanges}
             join read.vouchers v on v.batch = q.batch and v.number between q.first and q.last where not q.whole`,
      values,
    }),
    client.query<RedemptionRow>({
      name: 'trace_redemptions',
      text: `select q.edge, q.whole, r.number, r.position, r.merchant, r.day, r.amount_minor - r.reversed_minor as remaining,
                    case when q.whole and r.reversed is null then null else r.segments end as segments,
                    r.goods, r.reversed ${inRanges}
             join read.redemptions r on r.batch = q.batch and r.number between q.first and q.last`,
      values,
    }),
  ]);
  return { whole: whole.rows, parts: parts.rows, redemptions: redemptions.rows };
}

function addWhole({ batch, sign, state }: Edge, row: WholeRow): void {
  state.issued += sign * row.count * batch.voucherLength;
  add(state.groups, row.target_group, sign * row.count);
  if (row.unclaimed) state.unclaimed += sign * row.unspent;
  else state.held += sign * row.unspent;
  state.givenBack += sign * row.given_back;
  state.owed += sign * row.owed;
}

/** All that a redemption of a whole voucher still is. */
function addRedemption({ sign, state }: Edge, row: RedemptionRow, cell: string): void {
  add(state.redeemed, cell, sign * row.remaining);
  const left =
    row.segments === null
      ? (row.goods ?? [['', row.remaining] as const])
      : goodsWithin(row.segments, row.goods, remainingOf(row.segments, row.reversed));
  for (const [category, amount] of left) add(state.goods, `${weekOf(row.day)}|${category}`, sign * amount);
}

function addPart(
  { batch, list, sign, state }: Edge,
  voucher: PartRow,
  of: { readonly redemptions: readonly RedemptionRow[]; readonly cutoffEnds: readonly number[] },
): void {
  const start = voucher.number * batch.voucherLength;
  const own = clip(list, start, start + batch.voucherLength);
  state.issued += sign * totalOf(own);
  // Of a voucher that is only partly beyond what is followed, the other part is followed: it counts.
  if (sign === 1) add(state.groups, voucher.target_group, 1);
  let rest = own;
  for (const row of of.redemptions) {
    const segments = row.segments as SegmentList;
    const redeemed = intersect(remainingOf(segments, row.reversed), own);
    add(state.redeemed, `${row.merchant}|${windowAt(of.cutoffEnds, row.position)}`, sign * totalOf(redeemed));
    for (const [category, amount] of goodsWithin(segments, row.goods, redeemed))
      add(state.goods, `${weekOf(row.day)}|${category}`, sign * amount);
    rest = subtract(rest, redeemed);
    for (const [from, length, to] of row.reversed ?? []) {
      if (to === 'voucher') continue;
      const gone = intersect([[from, length]], own);
      if (to === 'fund') state.givenBack += sign * totalOf(gone);
      else state.owed += sign * totalOf(gone);
      rest = subtract(rest, gone);
    }
  }
  const unspent = totalOf(rest);
  if (voucher.status === 'issued') state.unclaimed += sign * unspent;
  else if (voucher.status === 'claimed') state.held += sign * unspent;
  else state.givenBack += sign * unspent;
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

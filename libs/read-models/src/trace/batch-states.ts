import type pg from 'pg';
import { totalOf, type SegmentList } from '@aidtrail/domain';
import { coverOf, numbersOf, type Cover } from './cover.js';
import { addEdges } from './edges.js';
import { add, type BatchStates, type TracedBatch } from './states.js';

/** The states of followed addresses on batch lines: sums for whole chunks of vouchers, exact rows at the edges. */
export async function batchStates(
  client: pg.ClientBase,
  traced: readonly { readonly batch: TracedBatch; readonly list: SegmentList }[],
  cutoffEnds: readonly number[],
): Promise<ReadonlyMap<string, BatchStates>> {
  const states = new Map<string, BatchStates>();
  const covers = new Map<TracedBatch, Cover>();
  for (const { batch, list } of traced) {
    states.set(batch.batch, {
      issued: 0,
      unclaimed: 0,
      held: 0,
      givenBack: 0,
      owed: 0,
      redeemed: new Map(),
      goods: new Map(),
      groups: new Map(),
    });
    covers.set(batch, coverOf(batch, list));
  }
  await Promise.all([addSums(client, covers, states), addEdges(client, covers, { states, cutoffEnds })]);
  return states;
}

interface SumRow {
  readonly batch: string;
  readonly measure: string;
  readonly item: string;
  readonly cutoff: number;
  readonly amount: number;
}

async function addSums(
  client: pg.ClientBase,
  covers: ReadonlyMap<TracedBatch, Cover>,
  states: ReadonlyMap<string, BatchStates>,
): Promise<void> {
  const slices = [...covers].flatMap(([batch, cover]) =>
    cover.slices.map((slice) => ({ batch: batch.batch, ...slice })),
  );
  if (slices.length === 0) return;
  const { rows } = await client.query<SumRow>({
    name: 'trace_sums',
    text: `select s.batch, s.measure, s.item, s.cutoff,
                  sum(coalesce(s.up_to_chunk[q.high], s.total)
                      - case when q.low = 1 then 0 else coalesce(s.up_to_chunk[q.low - 1], s.total) end) as amount
           from unnest($1::uuid[], $2::int[], $3::int[], $4::int[]) as q(batch, block, low, high)
           join read.batch_sums s on s.batch = q.batch and s.block = q.block
           group by s.batch, s.measure, s.item, s.cutoff`,
    values: [
      slices.map((slice) => slice.batch),
      slices.map((slice) => slice.block),
      slices.map((slice) => slice.low),
      slices.map((slice) => slice.high),
    ],
  });
  const lengths = new Map([...covers.keys()].map((batch) => [batch.batch, batch.voucherLength]));
  for (const row of rows) addSum(states.get(row.batch) as BatchStates, row, lengths.get(row.batch) as number);
}

function addSum(state: BatchStates, row: SumRow, voucherLength: number): void {
  switch (row.measure) {
    case 'issued':
      state.issued += row.amount * voucherLength;
      break;
    case 'unclaimed':
      state.unclaimed += row.amount;
      break;
    case 'held':
      state.held += row.amount;
      break;
    case 'given_back':
      state.givenBack += row.amount;
      break;
    case 'owed':
      state.owed += row.amount;
      break;
    case 'redeemed':
      add(state.redeemed, `${row.item}|${row.cutoff}`, row.amount);
      break;
    case 'goods':
      add(state.goods, `${row.cutoff}|${row.item}`, row.amount);
      break;
    case 'group':
      add(state.groups, row.item, row.amount);
      break;
    default:
      throw new Error(`Unknown measure ${row.measure} in batch_sums.`);
  }
}

/** Vouchers of which at least one fen is in the list. */
export function vouchersTouched(list: SegmentList, voucherLength: number): number {
  return totalOf(numbersOf(list, voucherLength));
}

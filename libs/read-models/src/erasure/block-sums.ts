import type { Interval, SegmentList } from '@aidtrail/domain';
import type pg from 'pg';
import { goodsWithin, type Goods, type Reversed } from '../projections/goods.js';
import type { Work } from '../projector/work.js';
import { CHUNKS_PER_BLOCK, VOUCHERS_PER_CHUNK } from '../tables/index.js';
import { weekOf } from '../trace/weeks.js';
import type { RedemptionRow } from './rows.js';
import { windowsTouched } from './windows.js';

const VOUCHERS_PER_BLOCK = CHUNKS_PER_BLOCK * VOUCHERS_PER_CHUNK;

/**
 * Counts again what was redeemed, and for which goods, in every block of a batch that one of these redemptions is in:
 * sums that only they had touched are not there any more, as in a rebuild. A household has a voucher or two, so that
 * these are few blocks.
 */
export async function recountBlocks(
  client: pg.PoolClient,
  work: Work,
  blanked: readonly RedemptionRow[],
): Promise<void> {
  const blocks = new Map<string, { readonly batch: string; readonly block: number }>();
  for (const { batch, number } of blanked) {
    const block = Math.floor(number / VOUCHERS_PER_BLOCK);
    blocks.set(`${batch}|${block}`, { batch, block });
  }
  for (const { batch, block } of blocks.values()) {
    await client.query(
      "delete from read.batch_sums where batch = $1 and block = $2 and measure in ('redeemed', 'goods')",
      [batch, block],
    );
    for (const row of await redemptionsOf(client, batch, block)) countAgain(work, row);
  }
}

interface Counted extends RedemptionRow {
  /** [position, amount] of its reversals, in order. */
  readonly reversals: readonly (readonly [position: number, amountMinor: number])[];
}

async function redemptionsOf(client: pg.PoolClient, batch: string, block: number): Promise<readonly Counted[]> {
  const { rows } = await client.query<Counted>(
    `select r.*, coalesce(v.reversals, '[]') as reversals from read.redemptions r
       left join (select redemption, json_agg(json_build_array(position, amount_minor) order by position) as reversals
                    from read.reversals where batch = $1 and number between $2 and $3 group by redemption) v
         on v.redemption = r.redemption
     where r.batch = $1 and r.number between $2 and $3`,
    [batch, block * VOUCHERS_PER_BLOCK, (block + 1) * VOUCHERS_PER_BLOCK - 1],
  );
  return rows;
}

function countAgain(work: Work, row: Counted): void {
  const { batch, number, merchant } = row;
  const add = (measure: string, item: string, cutoff: number, amount: number) =>
    work.sums.add(batch, number, { measure, item, cutoff }, amount);
  const { first, last } = windowsTouched(work, row.position);
  for (let cutoff = first; cutoff < last && remainedAt(work, row, cutoff); cutoff += 1) {
    add('redeemed', merchant, cutoff, 0);
    add('redeemed', merchant, cutoff + 1, 0);
  }
  add('redeemed', merchant, first, 0);
  const remaining = row.amount_minor - row.reversed_minor;
  if (remaining > 0) add('redeemed', merchant, last, remaining);
  const goods = row.goods as Goods | null;
  const week = weekOf(row.day);
  for (const [item, amount] of goods ?? [['', row.amount_minor] as const]) add('goods', item, week, amount);
  for (const [item, amount] of goodsWithin(row.segments as SegmentList, goods, goneOf(row)))
    add('goods', item, week, -amount);
}

/** Whether anything of it was left to move when this window's cut-off was set. */
function remainedAt(work: Work, row: Counted, cutoff: number): boolean {
  const at = work.cutoffs.getOrThrow(String(cutoff)).position;
  const before = row.reversals.filter(([position]) => position < at);
  return before.reduce((left, [, amount]) => left - amount, row.amount_minor) > 0;
}

function goneOf(row: RedemptionRow): SegmentList {
  const reversed = [...((row.reversed ?? []) as Reversed)].sort((a, b) => a[0] - b[0]);
  return reversed.map(([start, length]): Interval => [start, length]);
}

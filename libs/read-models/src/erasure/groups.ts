import type pg from 'pg';
import { createWork } from '../projector/work.js';
import { writeWork } from '../projector/write.js';
import { CHUNKS_PER_BLOCK, VOUCHERS_PER_CHUNK } from '../tables/index.js';
import { ERASED_GROUP } from '../tables/voucher-tables.js';

const VOUCHERS_PER_BLOCK = CHUNKS_PER_BLOCK * VOUCHERS_PER_CHUNK;

/**
 * These vouchers lose their target group, and the blocks that they are in are counted again: of a group that only they
 * were in no sum is left, as in a rebuild.
 */
export async function blankGroups(client: pg.PoolClient, vouchers: readonly string[]): Promise<void> {
  const { rows: blocks } = await client.query<{ batch: string; block: number }>(
    `with blanked as (
       update read.vouchers set target_group = $2 where voucher = any($1::uuid[]) and target_group <> $2
       returning batch, number)
     select distinct batch, number / $3::int as block from blanked`,
    [vouchers, ERASED_GROUP, VOUCHERS_PER_BLOCK],
  );
  if (blocks.length === 0) return;
  const work = createWork();
  for (const { batch, block } of blocks) {
    await client.query("delete from read.batch_sums where batch = $1 and block = $2 and measure = 'group'", [
      batch,
      block,
    ]);
    const { rows } = await client.query<{ target_group: string; chunk: number; count: number }>(
      `select target_group, number / $4::int as chunk, count(*) as count from read.vouchers
       where batch = $1 and number between $2 and $3 group by target_group, chunk`,
      [batch, block * VOUCHERS_PER_BLOCK, (block + 1) * VOUCHERS_PER_BLOCK - 1, VOUCHERS_PER_CHUNK],
    );
    for (const { chunk, count, target_group: item } of rows)
      work.sums.add(batch, chunk * VOUCHERS_PER_CHUNK, { measure: 'group', item }, count);
  }
  await writeWork(client, work);
}

import type pg from 'pg';
import { createIndexSql, createTableSql, indexName } from '../tables/define.js';
import { allTables } from '../tables/index.js';
import { vouchers } from '../tables/voucher-tables.js';

/** The projection's own name in `read.checkpoint`; part of it is the version of the tables: see `ensureSchema`. */
export const CHECKPOINT = 'read-models-v1';

/** Two projectors may start at once; "if not exists" alone does not protect from that. */
const LOCK = 'select pg_advisory_xact_lock(7305021)';

/**
 * Creates what is missing: the schema, the checkpoint and, for a fresh checkpoint, empty tables. Tables of an older
 * version have another checkpoint name; they are dropped and filled again from position 0.
 */
export async function ensureSchema(client: pg.ClientBase): Promise<void> {
  await inTransaction(client, async () => {
    await client.query(LOCK);
    await client.query('create schema if not exists read');
    await client.query(`create table if not exists read.checkpoint
      (name text primary key, next_position bigint not null, generation bigint not null)`);
    const { rows } = await client.query('select 1 from read.checkpoint where name = $1', [CHECKPOINT]);
    if (rows.length > 0) return;
    await createTables(client);
    await createVoucherIndexes(client);
    await client.query('delete from read.checkpoint');
    await client.query('insert into read.checkpoint values ($1, 0, 1)', [CHECKPOINT]);
  });
}

/** Empty tables and position 0, in one transaction; other projectors notice by the generation. */
export async function resetSchema(client: pg.ClientBase): Promise<void> {
  await inTransaction(client, async () => {
    await client.query('select 1 from read.checkpoint where name = $1 for update', [CHECKPOINT]);
    await createTables(client);
    await client.query('update read.checkpoint set next_position = 0, generation = generation + 1 where name = $1', [
      CHECKPOINT,
    ]);
  });
}

/** Does nothing where they exist. A projector calls it when it connects too: an earlier rebuild may have been cut off. */
export async function createLateIndexes(client: pg.ClientBase): Promise<void> {
  await inTransaction(client, async () => {
    await client.query(LOCK);
    await createVoucherIndexes(client);
  });
}

async function createVoucherIndexes(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ indexes: number }>(
    "select count(*) as indexes from pg_indexes where schemaname = 'read' and tablename = $1 and indexname = any($2)",
    [vouchers.name, vouchers.indexes.map((_, i) => indexName(vouchers, i))],
  );
  if (rows[0]?.indexes === vouchers.indexes.length) return;
  for (const sql of createIndexSql(vouchers)) await client.query(sql);
  await client.query('analyze read.vouchers, read.redemptions, read.batch_sums, read.line_moves');
}

async function createTables(client: pg.ClientBase): Promise<void> {
  for (const table of allTables) {
    await client.query(`drop table if exists read.${table.name}`);
    await client.query(createTableSql(table));
    // Only queries use that of the vouchers, and a rebuild pays less for it at its end.
    if (table.name !== vouchers.name) for (const sql of createIndexSql(table)) await client.query(sql);
  }
}

export async function inTransaction<T>(client: pg.ClientBase, body: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    const result = await body();
    await client.query('commit');
    return result;
  } catch (error) {
    // The connection may be what failed; then the server rolls back by itself.
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

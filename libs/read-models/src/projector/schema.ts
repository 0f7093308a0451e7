import type pg from 'pg';
import { createIndexSql, createTableSql, READ } from '../tables/define.js';
import { allTables } from '../tables/index.js';

/** The projection's own name in the checkpoint; part of it is the version of the tables: see `ensureSchema`. */
export const CHECKPOINT = 'read-models-v4';

/** Where a rebuild fills its tables, and where those go whose place they take. */
export const NEXT = 'read_next';
const PREVIOUS = 'read_previous';

/** Two projectors may start at once; "if not exists" alone does not protect from that. */
const SCHEMA_LOCK = 7_305_021;
const REBUILD_LOCK = 7_305_022;

/**
 * Creates what is missing: the schema, the checkpoint and, for a fresh checkpoint, empty tables. Tables of an older
 * version have another checkpoint name; they are dropped and filled again from position 0. What a rebuild left behind that
 * did not live to its end is dropped too: private fields of the erased might stand in it.
 */
export async function ensureSchema(client: pg.ClientBase): Promise<void> {
  await inTransaction(client, async () => {
    await client.query('select pg_advisory_xact_lock($1)', [SCHEMA_LOCK]);
    await client.query(`create schema if not exists ${READ}`);
    await createCheckpoint(client, READ);
    const { rows } = await client.query(`select 1 from ${READ}.checkpoint where name = $1`, [CHECKPOINT]);
    if (rows.length > 0) return;
    for (const table of allTables) {
      await client.query(`drop table if exists ${READ}.${table.name}`);
      await client.query(createTableSql(table));
      for (const sql of createIndexSql(table)) await client.query(sql);
    }
    await client.query(`delete from ${READ}.checkpoint`);
    await client.query(`insert into ${READ}.checkpoint values ($1, 0, 1)`, [CHECKPOINT]);
  });
  await dropLeftovers(client);
}

/** Empty tables without keys and indexes in a schema of their own. The caller is the one who rebuilds. */
export async function createNext(client: pg.ClientBase): Promise<void> {
  await inTransaction(client, async () => {
    await client.query(`drop schema if exists ${NEXT} cascade`);
    await client.query(`create schema ${NEXT}`);
    for (const table of allTables) await client.query(createTableSql(table, { schema: NEXT, bare: true }));
    await createCheckpoint(client, NEXT);
  });
}

export type Replaced = 'replaced' | 'behind' | 'changed';

/**
 * Puts the next tables in the place of the present ones, in one transaction that only renames: no question meets a table
 * that is half filled, and none waits longer than for what was asked before. Nothing happens when the present tables hold
 * more events of the log, which has `head` of them, than the next ones (`behind`), or are not those of `generation` any
 * more (`changed`): somebody was erased from them meanwhile, and may stand in the next ones.
 */
export async function replaceByNext(
  client: pg.ClientBase,
  { generation, head }: { readonly generation: number; readonly head: number },
): Promise<Replaced> {
  const result = await inTransaction(client, async (): Promise<Replaced> => {
    // Whoever reads more than one table in a snapshot, and whoever writes, holds a lock on the checkpoint. See `GATE`.
    await client.query(`lock table ${READ}.checkpoint in access exclusive mode`);
    const { rows } = await client.query<{ present: number; next: number; generation: number }>(
      `select p.next_position as present, p.generation, n.next_position as next
       from ${READ}.checkpoint p join ${NEXT}.checkpoint n using (name) where name = $1`,
      [CHECKPOINT],
    );
    const [row] = rows;
    if (row?.generation !== generation) return 'changed';
    // Tables that are ahead of the log itself were made from another copy of it.
    if (row.next < Math.min(row.present, head)) return 'behind';
    await client.query(`alter schema ${READ} rename to ${PREVIOUS}; alter schema ${NEXT} rename to ${READ}`);
    return 'replaced';
  });
  if (result === 'replaced') await dropSchema(client, PREVIOUS);
  return result;
}

/** The first statement of a transaction that reads several tables in one snapshot: a rebuild may not replace one of them. */
export const GATE = `lock table ${READ}.checkpoint in access share mode`;

/** True for the one session that may rebuild, until it ends. */
export async function takeRebuildLock(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [REBUILD_LOCK]);
  return rows[0]?.taken === true;
}

async function dropLeftovers(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ schema: string }>(
    'select nspname as schema from pg_namespace where nspname = any($1)',
    [[NEXT, PREVIOUS]],
  );
  if (rows.length === 0 || !(await takeRebuildLock(client))) return;
  try {
    for (const { schema } of rows) await dropSchema(client, schema);
  } finally {
    await client.query('select pg_advisory_unlock($1)', [REBUILD_LOCK]);
  }
}

/** One table at a time: a question that still reads two of them would wait for one while this waits for the other. */
async function dropSchema(client: pg.ClientBase, schema: string): Promise<void> {
  for (const { name } of allTables) await client.query(`drop table if exists ${schema}.${name}`);
  await client.query(`drop schema if exists ${schema} cascade`);
}

async function createCheckpoint(client: pg.ClientBase, schema: string): Promise<void> {
  await client.query(`create table if not exists ${schema}.checkpoint
    (name text primary key, next_position bigint not null, generation bigint not null)`);
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

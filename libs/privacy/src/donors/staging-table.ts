import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { inTransaction } from '../database/registry-database.js';

/** A gift as it is kept: what is private is sealed under the gift's own key. */
export interface SealedDonation {
  readonly number: number;
  readonly line: number;
  readonly donationId: string;
  readonly amountMinor: number;
  readonly namedConsent: boolean;
  readonly commitment: Uint8Array;
  readonly traceHash: Uint8Array;
  readonly wrappedKey: Buffer;
  readonly sealed: Buffer;
  readonly sealedContact: Buffer | null;
}

/** Rows of one upload, until all of them are there. */
export interface StagingTable {
  /** As it is written in SQL. */
  readonly name: string;
  /** Written when it resolves; no transaction and no connection is held between two of these. */
  add(rows: readonly SealedDonation[]): Promise<void>;
}

/**
 * The database has forgotten rows that it had taken: after a crash it empties unlogged tables. Its code is SQLSTATE
 * `crash_shutdown`, so that whoever sent them is told what he is told of every outage: nothing was kept, send it again.
 */
class StagingLost extends Error {
  override readonly name = 'StagingLost';
  readonly code = '57P02';
}

/** An upload takes ten minutes at most; a table that is older belongs to a process that died. */
const FORGOTTEN_AFTER_MINUTES = 60;

/** How long a drop may wait for whoever reads the table, such as pg_dump, and keep others waiting behind it meanwhile. */
const DROP_WAITS_MILLISECONDS = 500;
/** For what was forgotten: there may be many, before every upload, and the next one comes soon enough. */
const FORGOTTEN_WAITS_MILLISECONDS = 5;

/**
 * Gives the work a table of its own, and drops it afterwards, whatever came of it: sealed rows do not stay behind as dead
 * tuples. Its name says when it was made, by the database's clock, so that a later one can tell whether it was forgotten;
 * that is also how one goes that somebody reads at that moment.
 */
export async function withStagingTable<T>(pool: pg.Pool, work: (table: StagingTable) => Promise<T>): Promise<T> {
  await dropForgottenStagings(pool);
  const { rows } = await pool.query<{ minute: string }>(`select ${MINUTE}::text as minute`);
  const name = `registry.staging_${rows[0]?.minute ?? '0'}_${randomBytes(8).toString('hex')}`;
  await pool.query(`create unlogged table ${name} (
    number integer not null, line integer not null, donation_id uuid not null, amount_minor bigint not null,
    named_consent boolean not null, commitment bytea not null, trace_hash bytea not null, wrapped_key bytea not null,
    sealed bytea not null, sealed_contact bytea)`);
  try {
    return await work({ name, add: (added) => insert(pool, name, added) });
  } finally {
    // A fault here must not hide the work's own; the next staging drops what is left.
    await dropUnlessLocked(pool, name, DROP_WAITS_MILLISECONDS).catch(() => undefined);
  }
}

/** In the transaction that goes on to read the table. Throws `StagingLost` unless it holds just as many rows as were added. */
export async function requireAllRowsOrThrow(client: pg.PoolClient, table: StagingTable, count: number): Promise<void> {
  const { rows } = await client.query<{ count: number }>(`select count(*)::int as count from ${table.name}`);
  const found = rows[0]?.count ?? 0;
  if (found !== count) throw new StagingLost(`The staging table holds ${found} rows of ${count}.`);
}

/** Drops what processes left behind that died in the middle of an upload; what is locked stays for the next time. */
export async function dropForgottenStagings(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `select tablename as name from pg_tables
      where schemaname = 'registry' and tablename ~ '^staging_[0-9]+_[0-9a-f]{16}$'
        and split_part(tablename, '_', 2)::bigint < ${MINUTE} - $1`,
    [FORGOTTEN_AFTER_MINUTES],
  );
  for (const { name } of rows) await dropUnlessLocked(pool, `registry.${name}`, FORGOTTEN_WAITS_MILLISECONDS);
}

async function dropUnlessLocked(pool: pg.Pool, table: string, waitsMilliseconds: number): Promise<void> {
  try {
    await inTransaction(pool, async (client) => {
      await client.query(`set local lock_timeout = ${waitsMilliseconds}`);
      await client.query(`drop table if exists ${table}`);
    });
  } catch (fault) {
    if ((fault as { readonly code?: unknown }).code !== LOCK_NOT_AVAILABLE) throw fault;
  }
}

/** SQLSTATE. */
const LOCK_NOT_AVAILABLE = '55P03';

const MINUTE = '(extract(epoch from now()) / 60)::bigint';

async function insert(pool: pg.Pool, table: string, rows: readonly SealedDonation[]): Promise<void> {
  await pool.query(
    `insert into ${table}
       select * from unnest($1::integer[], $2::integer[], $3::uuid[], $4::bigint[], $5::boolean[], $6::bytea[],
                            $7::bytea[], $8::bytea[], $9::bytea[], $10::bytea[])`,
    [
      rows.map(({ number }) => number),
      rows.map(({ line }) => line),
      rows.map(({ donationId }) => donationId),
      rows.map(({ amountMinor }) => amountMinor),
      rows.map(({ namedConsent }) => namedConsent),
      rows.map(({ commitment }) => commitment),
      rows.map(({ traceHash }) => traceHash),
      rows.map(({ wrappedKey }) => wrappedKey),
      rows.map(({ sealed }) => sealed),
      rows.map(({ sealedContact }) => sealedContact),
    ],
  );
}

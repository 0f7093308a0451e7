import { timingSafeEqual } from 'node:crypto';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { hmac } from '../crypto/sealing.js';
import { migrateRegistry } from './migrate.js';
import type { RegistryTables } from './schema.js';

/** Either a pool that the caller owns and ends, or a connection string for one of our own. */
export type DatabaseOptions = { readonly pool: pg.Pool } | { readonly connectionString: string };

export interface RegistryDatabase {
  readonly db: Kysely<RegistryTables>;
  readonly pool: pg.Pool;
  /** Ends the connections if they are our own. */
  close(): Promise<void>;
}

/** Connects and migrates. */
export async function openRegistryDatabase(options: DatabaseOptions): Promise<RegistryDatabase> {
  const isOwn = !('pool' in options);
  const pool = isOwn ? new pg.Pool({ connectionString: options.connectionString, max: 4 }) : options.pool;
  // A connection that the server ends while idle is replaced at the next query; without a listener it ends the process.
  if (isOwn) pool.on('error', () => undefined);
  const close = async () => {
    if (isOwn) await pool.end();
  };
  try {
    await migrateRegistry(pool);
  } catch (error) {
    await close();
    throw error;
  }
  return { db: new Kysely<RegistryTables>({ dialect: new PostgresDialect({ pool }) }), pool, close };
}

/** One transaction on one connection; rolled back when `work` throws, or returns through `rollback`. */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/**
 * A secret that was exchanged by mistake would make duplicates invisible and sealed rows unreadable, silently. So its
 * fingerprint is stored at the first start and compared at every other. Throws when it differs.
 */
export async function requireSameSecretOrThrow(
  db: Kysely<RegistryTables>,
  secret: { readonly name: string; readonly key: Uint8Array },
): Promise<void> {
  const name = `secret-check:${secret.name}`;
  const value = hmac(secret.key, `aidtrail/registry/${name}`).subarray(0, 16);
  await db
    .insertInto('registry.settings')
    .values({ name, value })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const stored = await db
    .selectFrom('registry.settings')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  if (stored.value.length !== value.length || !timingSafeEqual(stored.value, value)) {
    throw new Error(
      `The secret "${secret.name}" is not the one that this database was made with: keys and database belong to ` +
        'different ledgers. Put back the ones that belong together.',
    );
  }
}

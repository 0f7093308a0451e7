import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '@aidtrail/testing/postgres';
import { readFirstEvent } from './first-event.js';
import { createPostgresEventStore } from './postgres-event-store.js';

describe('the first event, asked for before a store is opened', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  beforeEach(async () => {
    database = await testDatabase();
    pool = new pg.Pool({ connectionString: database.connectionString, max: 1 });
    // A pool says that it has ended before its connection has; dropping the database may still cut that off.
    pool.on('error', () => undefined);
  });
  afterEach(async () => {
    await pool.end();
    await database.drop();
  });

  it('is none in a database without a store, and makes none there', async () => {
    expect(await readFirstEvent(pool)).toBeUndefined();
    const { rows } = await pool.query("select from pg_namespace where nspname = 'ledger'");
    expect(rows).toEqual([]);
  });

  it('is none in an empty store, and the bytes at position 0 in any other', async () => {
    const store = createPostgresEventStore({ connectionString: database.connectionString });
    expect(await store.head()).toBe(0);
    expect(await readFirstEvent(pool)).toBeUndefined();
    for (const text of ['first', 'second'])
      await store.append({
        stream: `key-${text}`,
        expectedVersion: 0,
        events: [{ id: randomUUID(), bytes: Buffer.from(text) }],
      });
    expect(Buffer.from((await readFirstEvent(pool)) ?? []).toString()).toBe('first');
    await store.close();
  });

  it('is a fault of the store when the database cannot be reached', async () => {
    const nowhere = new pg.Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
    await expect(readFirstEvent(nowhere)).rejects.toThrow('cannot be reached');
    await nowhere.end();
  });
});

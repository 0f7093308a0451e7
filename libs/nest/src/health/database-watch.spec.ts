import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { testDatabase, type TestDatabase } from '@aidtrail/testing';
import { whileLeading } from '../leadership/leadership.js';
import { createDatabaseWatch } from './database-watch.js';

describe('what PostgreSQL says of itself', () => {
  let database: TestDatabase;
  let pools: pg.Pool[] = [];

  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    pools = [];
    await database.drop();
  });

  function poolOf(connectionString: string, options?: string): pg.Pool {
    const pool = new pg.Pool({ connectionString, max: 1, ...(options === undefined ? {} : { options }) });
    pool.on('error', () => undefined);
    pools.push(pool);
    return pool;
  }

  const watch = (pool: pg.Pool) => createDatabaseWatch({ databaseUrl: database.connectionString }, pool);

  it('whether a process leads, from its election to its end', async () => {
    const { connectionString } = database;
    const watched = watch(poolOf(connectionString));
    expect(await watched.look()).toEqual({ isWritable: true, isLed: false });
    const ending = new AbortController();
    let begun: () => void = () => undefined;
    const leads = new Promise<void>((resolve) => (begun = resolve));
    const leading = whileLeading({ connectionString, onFault: () => undefined }, ending.signal, async ({ signal }) => {
      begun();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    });
    await leads;
    expect(await watched.look()).toEqual({ isWritable: true, isLed: true });
    ending.abort();
    await leading;
    for (let tries = 0; (await watched.look()).isLed && tries < 50; tries += 1) await pause(100);
    expect(await watched.look()).toEqual({ isWritable: true, isLed: false });
  });

  it('does not take a leader of another database on the same server for its own', async () => {
    const other = await testDatabase();
    const ending = new AbortController();
    let begun: () => void = () => undefined;
    const leads = new Promise<void>((resolve) => (begun = resolve));
    const { connectionString } = other;
    const leading = whileLeading({ connectionString, onFault: () => undefined }, ending.signal, async ({ signal }) => {
      begun();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    });
    await leads;
    expect((await watch(poolOf(database.connectionString)).look()).isLed).toBe(false);
    ending.abort();
    await leading;
    await other.drop();
  });

  it('that it takes no writes, when it takes none', async () => {
    const readOnly = poolOf(database.connectionString, '-c default_transaction_read_only=on');
    expect(await watch(readOnly).look()).toEqual({ isWritable: false, isLed: false });
  });

  it('that the one process of a data directory’s own database leads itself', async () => {
    const own = createDatabaseWatch({}, poolOf(database.connectionString));
    expect(await own.look()).toEqual({ isWritable: true, isLed: true });
  });

  it('nothing when it is gone', async () => {
    const gone = await testDatabase();
    const watched = watch(poolOf(gone.connectionString));
    await watched.look();
    await gone.drop();
    await expect(watched.look()).rejects.toThrow();
  });
});

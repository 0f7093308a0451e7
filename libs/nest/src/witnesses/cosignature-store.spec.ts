import { afterEach, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '@aidtrail/testing';
import pg from 'pg';
import {
  createMemoryCosignatureStore,
  createPostgresCosignatureStore,
  type CosignatureStore,
  type KeptCosignature,
} from './cosignature-store.js';

const cosignature = (size: number, keyName: string, time = 1_000): KeptCosignature => ({
  size,
  keyName,
  keyId: '0a0b0c0d',
  time,
  line: `\u2014 ${keyName} ${size} ${time}\n`,
});

/** What every store of cosignatures promises. `besides` is another process on the same data. */
function itKeepsCosignatures(
  open: () => Promise<{ readonly store: CosignatureStore; readonly besides: () => Promise<CosignatureStore> }>,
): void {
  it('has none at first, and then what was added, in this process and in another', async () => {
    const { store, besides } = await open();
    expect((await store.since()).cosignatures).toEqual([]);
    const all = [cosignature(3, 'a'), cosignature(3, 'b'), cosignature(2 ** 40, 'a', 2 ** 33)];
    for (const one of all) await store.add(one);
    for (const reader of [store, await besides()]) expect((await reader.since()).cosignatures).toStrictEqual(all);
  });

  it('keeps the first of a cosigner for a size, whatever comes later', async () => {
    const { store, besides } = await open();
    await store.add(cosignature(3, 'a', 1_000));
    await (await besides()).add(cosignature(3, 'a', 2_000));
    await store.add({ ...cosignature(3, 'a', 3_000), keyId: 'ffffffff' });
    const times = (await store.since()).cosignatures.map(({ time }) => time);
    expect(times).toEqual([1_000, 3_000]);
  });

  it('gives what is new since a cursor, also of many processes at once', async () => {
    const { store, besides } = await open();
    const processes = [store, await besides(), await besides()];
    const seen = new Map<string, KeptCosignature>();
    let cursor: number | undefined;
    const read = async (): Promise<void> => {
      const news = await store.since(cursor);
      for (const one of news.cosignatures) seen.set(one.line, one);
      cursor = news.cursor;
    };
    const all = Array.from({ length: 60 }, (_, i) => cosignature(i, 'a'));
    await Promise.all([...all.map((one, i) => processes[i % 3]?.add(one)), read(), read(), read()]);
    await read();
    expect([...seen.values()].sort((a, b) => a.size - b.size)).toStrictEqual(all);
    expect((await store.since(cursor)).cursor).toBe(cursor);
  });
}

describe('cosignatures in memory', () => {
  itKeepsCosignatures(async () => {
    const store = createMemoryCosignatureStore();
    return { store, besides: async () => store };
  });
});

describe('cosignatures in PostgreSQL', () => {
  const databases: TestDatabase[] = [];
  const pools: pg.Pool[] = [];
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.end()));
    await Promise.all(databases.splice(0).map((database) => database.drop()));
  });

  itKeepsCosignatures(async () => {
    const database = await testDatabase();
    databases.push(database);
    const besides = async (): Promise<CosignatureStore> => {
      const pool = new pg.Pool({ connectionString: database.connectionString, max: 4 });
      pool.on('error', () => undefined);
      pools.push(pool);
      return createPostgresCosignatureStore(pool);
    };
    return { store: await besides(), besides };
  });
});

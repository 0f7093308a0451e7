import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { testDatabase } from '@aidtrail/testing/postgres';
import type { TestDatabase } from '@aidtrail/testing/postgres';
import pg from 'pg';
import { accepted, appendOf, range, sampleEvent, sampleId } from '../contract/samples.js';
import { StoreUnavailable } from '../port.js';
import type { EventStore } from '../port.js';
import { createPostgresEventStore } from './postgres-event-store.js';

let database: TestDatabase;
let admin: pg.Client;
let store: EventStore;
let schema = '';
let schemas = 0;

beforeAll(async () => {
  database = await testDatabase();
  admin = new pg.Client({ connectionString: database.connectionString });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await database.drop();
});
beforeEach(async () => {
  schemas += 1;
  schema = `faults_${schemas}`;
  store = createPostgresEventStore({ connectionString: database.connectionString, schema });
  await store.head();
});
afterEach(() => store.close());

/** Ends every connection of the store, as a failing network or a restarting server would. */
async function cutConnections(condition = 'true'): Promise<number> {
  const { rows } = await admin.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name = 'aidtrail event store' AND datname = current_database() AND ${condition}`,
  );
  return rows.length;
}

async function failOnEvent(n: number): Promise<void> {
  await admin.query(`
    CREATE FUNCTION ${schema}.fail() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'a secret in a message' USING ERRCODE = 'data_exception'; END $$;
    CREATE TRIGGER fail BEFORE INSERT ON ${schema}.events FOR EACH ROW
      WHEN (NEW.id = '${sampleId(n)}') EXECUTE FUNCTION ${schema}.fail()`);
}

describe('a statement that the server refuses', () => {
  it('does not take the other appends of its group with it', async () => {
    await failOnEvent(13);
    const results = await Promise.allSettled(range(0, 20).map((i) => store.append(appendOf(`voucher-${i}`, 0, i))));
    expect(results.map((result) => result.status)).toEqual(
      range(0, 20).map((i) => (i === 13 ? 'rejected' : 'fulfilled')),
    );
    expect(await store.head()).toBe(19);
    expect(await store.readStream('voucher-13')).toEqual([]);
  });

  it('is reported without what the server said', async () => {
    await failOnEvent(13);
    const failure: unknown = await store.append(appendOf('voucher-1', 0, 13)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(failure).not.toBeInstanceOf(StoreUnavailable);
    expect((failure as Error).message).toContain('22000');
    expect(JSON.stringify(failure) + String((failure as Error).stack)).not.toContain('secret');
  });
});

describe('a lost connection', () => {
  it('leaves the store usable: later calls connect again', async () => {
    await store.append(appendOf('voucher-1', 0, 1));
    await store.readStream('voucher-1');
    expect(await cutConnections()).toBeGreaterThan(0);
    const outcome = await untilServed(() => store.append(appendOf('voucher-1', 1, 2)));
    expect(outcome).toEqual({ status: 'appended', firstPosition: 1, version: 2 });
    expect(await untilServed(() => store.readStream('voucher-1'))).toHaveLength(2);
  });

  it('makes an append reject with StoreUnavailable; its repetition tells the one outcome', async () => {
    const command = accepted(1);
    const locker = new pg.Client({ connectionString: database.connectionString });
    await locker.connect();
    await locker.query('BEGIN');
    await locker.query(`LOCK TABLE ${schema}.head IN ACCESS EXCLUSIVE MODE`);
    const append = { ...appendOf('voucher-1', 0, 1), command };
    const lost = expect(store.append(append)).rejects.toThrow(StoreUnavailable);
    while ((await cutConnections(`wait_event_type = 'Lock'`)) === 0) await pause();
    await lost;
    await locker.end();
    expect((await untilServed(() => store.append(append))).status).toBe('appended');
    expect((await store.append(append)).status).toBe('command_decided');
    expect(await store.head()).toBe(1);
  });

  it('does not make a subscription skip or repeat', async () => {
    const ending = new AbortController();
    const seen: number[] = [];
    const running = store.subscribe({
      from: 0,
      batchSize: 5,
      signal: ending.signal,
      handle: async (events) => {
        seen.push(...events.map((event) => event.position));
        if (seen.length >= 60) ending.abort();
      },
    });
    for (const i of range(0, 60)) {
      if (i % 20 === 10) await cutConnections();
      await untilServed(async () => {
        const outcome = await store.append(appendOf('fund-1', i, i));
        expect(['appended', 'event_exists']).toContain(outcome.status);
      });
    }
    await running;
    expect(seen).toEqual(range(0, 60));
  });

  it('of the listener alone does not keep events from a subscription of another store', async () => {
    const reader = createPostgresEventStore({ connectionString: database.connectionString, schema });
    const ending = new AbortController();
    const seen: string[] = [];
    const running = reader.subscribe({
      from: 0,
      signal: ending.signal,
      handle: async (events) => {
        seen.push(...events.map((event) => event.id));
        if (seen.length === 2) ending.abort();
      },
    });
    while ((await cutConnections(`query LIKE 'LISTEN%'`)) === 0) await pause();
    await store.append(appendOf('voucher-1', 0, 1));
    await store.append(appendOf('voucher-1', 1, 2));
    await running;
    expect(seen).toEqual([sampleId(1), sampleId(2)]);
    await reader.close();
  });
});

describe('lost notifications', () => {
  it('only delay a subscription, which polls', async () => {
    const ending = new AbortController();
    const seen: number[] = [];
    let caughtUp: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (caughtUp = resolve));
    const running = store.subscribe({
      from: 0,
      signal: ending.signal,
      handle: async (events) => {
        seen.push(...events.map((event) => event.position));
        caughtUp();
        if (seen.length === 2) ending.abort();
      },
    });
    await store.append(appendOf('voucher-1', 0, 1));
    await first;
    await new Promise((resolve) => setTimeout(resolve, 200));
    // Written past the function, as by a server whose notification queue failed.
    await admin.query(
      `WITH written AS (INSERT INTO ${schema}.events (position, stream, version, id, bytes) VALUES (1, 'voucher-1', 2, $1, $2))
       UPDATE ${schema}.head SET next_position = 2`,
      [sampleId(2), sampleEvent(2).bytes],
    );
    await running;
    expect(seen).toEqual([0, 1]);
  });
});

describe('a server that is not there', () => {
  it('makes every call reject with StoreUnavailable', async () => {
    const nowhere = createPostgresEventStore({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
    await expect(nowhere.append(appendOf('voucher-1', 0, 1))).rejects.toThrow(StoreUnavailable);
    await expect(nowhere.appendMany([appendOf('voucher-1', 0, 1)])).rejects.toThrow(StoreUnavailable);
    await expect(nowhere.readStream('voucher-1')).rejects.toThrow(StoreUnavailable);
    await expect(nowhere.head()).rejects.toThrow(StoreUnavailable);
    await nowhere.close();
  });

  it('does not keep a caller waiting for ever when it takes the connection and says nothing', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const mute = createPostgresEventStore({ connectionString: `postgres://nobody@127.0.0.1:${port}/none` });
    await expect(mute.append(appendOf('voucher-1', 0, 1))).rejects.toThrow(StoreUnavailable);
    await mute.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
  });
});

describe('an event table with a hole', () => {
  it('is a fault for a reader, not a shorter log', async () => {
    await store.append(appendOf('voucher-1', 0, ...range(0, 5)));
    await admin.query(`DELETE FROM ${schema}.events WHERE position = 2`);
    const read = async (): Promise<void> => {
      for await (const batch of store.readAll()) expect(batch.length).toBeGreaterThan(0);
    };
    await expect(read()).rejects.toThrow('event 2 is missing');
  });
});

describe('the schema', () => {
  it('is made once by stores that start at the same time, and kept by those that come later', async () => {
    const options = { connectionString: database.connectionString, schema: 'together' };
    const stores = range(0, 4).map(() => createPostgresEventStore(options));
    await Promise.all(stores.map((one, i) => one.append(appendOf(`voucher-${i}`, 0, i))));
    await Promise.all(stores.map((one) => one.close()));
    const later = createPostgresEventStore(options);
    expect(await later.head()).toBe(4);
    await later.close();
  });

  it('has only a plain name', () => {
    expect(() => createPostgresEventStore({ connectionString: 'postgres://x/y', schema: 'a"; DROP' })).toThrow(
      TypeError,
    );
  });
});

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10));
}

/** Repeats a call, as its caller must, for as long as the store is unavailable. */
async function untilServed<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      await pause();
    }
  }
}

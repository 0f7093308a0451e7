import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { testDatabase, type TestDatabase } from '@aidtrail/testing';
import { startKurrentServer, type KurrentServer } from '@aidtrail/testing/kurrentdb';
import { loadConfigOrThrow, type Config } from '../config/config.js';
import { initialise } from '../identity/initialise.js';
import { openSystem } from '../system/system.js';
import { copyEvents } from './copy-events.js';
import { markUnfinishedCopy, unmarkUnfinishedCopy } from './unfinished-copy.js';

const MARK = 'unfinished-copy.json';

/** As a restart of PostgreSQL, or a failover, does. */
async function cutConnections({ connectionString }: TestDatabase): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
  await client.end();
}

const options = { origin: 'ledger.example/spec', roots: [], utcOffsetMinutes: 480, k: 10, now: Date.UTC(2026, 10, 1) };

describe('moving the events of a data directory', () => {
  let directory: string;
  let database: TestDatabase;
  const servers: KurrentServer[] = [];
  let onPostgres: Config;
  let onKurrent: Config;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'moving-'));
    database = await testDatabase();
    onPostgres = configOf();
    onKurrent = configOf((await newServer()).connectionString);
    await initialise(onPostgres, options);
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await database.drop();
    await rm(directory, { recursive: true });
  });

  async function newServer(): Promise<KurrentServer> {
    const server = await startKurrentServer();
    servers.push(server);
    return server;
  }

  function configOf(storeUrl?: string): Config {
    const { connectionString: databaseUrl } = database;
    return loadConfigOrThrow({ dataDirectory: join(directory, 'main'), databaseUrl, storeUrl, logLevel: 'silent' }, {});
  }

  const marks = async (): Promise<readonly string[]> =>
    (await readdir(onPostgres.dataDirectory)).filter((name) => name.includes('unfinished'));

  const relationsOf = async ({ connectionString }: TestDatabase): Promise<readonly string[]> => {
    const client = new pg.Client({ connectionString });
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      `SELECT c.oid::regclass::text AS name FROM pg_class c
       WHERE relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^(pg_|information_schema)') ORDER BY 1`,
    );
    await client.end();
    return rows.map(({ name }) => name);
  };

  const problemOf = async (config: Config, from: string, to: string): Promise<Error> => {
    const problem: unknown = await copyEvents(config, { from, to }).catch((fault: unknown) => fault);
    expect(problem).toBeInstanceOf(Error);
    return problem as Error;
  };

  it('is refused while a server runs, and changes nothing', async () => {
    const system = await openSystem(onPostgres);
    system.start(() => undefined);
    expect(await system.projector.waitFor(0, 30_000)).toBe(true);
    expect((await problemOf(onKurrent, 'postgres', 'kurrentdb')).name).toBe('LedgerServed');
    await system.close();
    expect(servers[0]?.memory.log.filter(({ stream }) => !stream.startsWith('$'))).toEqual([]);
    expect(await marks()).toEqual([]);
  });

  it('is refused while a process that takes commands has the ledger open, wherever its events are', async () => {
    const elsewhere = configOf((await newServer()).connectionString);
    await copyEvents(onPostgres, { from: 'postgres', to: elsewhere.storeUrl ?? '' });
    // It asks the database nothing by itself.
    const system = await openSystem({ ...elsewhere, role: 'api' });
    expect((await problemOf(elsewhere, 'kurrentdb', 'postgres')).name).toBe('LedgerServed');
    await system.close();
    expect(await marks()).toEqual([]);
  });

  it('lets no server begin on half a copy, but where the events were before', async () => {
    const half = { kind: 'kurrentdb', address: onKurrent.storeUrl ?? '' } as const;
    await markUnfinishedCopy(onKurrent, half);
    await expect(openSystem(onKurrent)).rejects.toMatchObject({ code: 'unfinished_copy' });
    await (await openSystem(onPostgres)).close();
    await writeFile(join(onKurrent.dataDirectory, MARK), 'something else');
    await expect(openSystem(onPostgres)).rejects.toMatchObject({ code: 'unfinished_copy' });
    await rm(join(onKurrent.dataDirectory, MARK));
  });

  it('says of one copy that it is finished, and leaves the mark of another', async () => {
    const half = { kind: 'kurrentdb', address: 'esdb://somewhere:2113?tls=false' } as const;
    await markUnfinishedCopy(onPostgres, half);
    await copyEvents(onPostgres, { from: 'postgres', to: (await newServer()).connectionString });
    await expect(openSystem(onKurrent)).rejects.toMatchObject({ code: 'unfinished_copy' });
    await unmarkUnfinishedCopy(onPostgres, half);
    expect(await marks()).toEqual([]);
  });

  it('is refused beside a database that is not the ledger’s, by whose locks nobody would be seen', async () => {
    const other = await testDatabase();
    const elsewhere = { ...onKurrent, databaseUrl: other.connectionString };
    expect((await problemOf(elsewhere, 'kurrentdb', 'postgres')).message).toContain('another database');
    const { databaseUrl: _, ...forgotten } = onKurrent;
    expect((await problemOf(forgotten, 'kurrentdb', 'postgres')).message).toContain('DATABASE_URL');
    expect(await readdir(onKurrent.dataDirectory)).not.toContain('postgres');
    expect(await relationsOf(other)).toEqual([]);
    await other.drop();
  });

  /** A process that takes commands, with the events in KurrentDB, all of whose connections to PostgreSQL were just cut. */
  async function cutOff() {
    const elsewhere = configOf((await newServer()).connectionString);
    await copyEvents(onPostgres, { from: 'postgres', to: elsewhere.storeUrl ?? '' });
    const system = await openSystem({ ...elsewhere, role: 'api' });
    const faults: unknown[] = [];
    system.start((fault) => faults.push(fault));
    await cutConnections(database);
    return { elsewhere, system, faults };
  }

  it('is refused while a server runs whose connections to PostgreSQL were all cut', async () => {
    const { elsewhere, system, faults } = await cutOff();
    await pause(1_500);
    expect((await problemOf(elsewhere, 'kurrentdb', 'postgres')).name).toBe('LedgerServed');
    expect(faults).toEqual([]);
    await system.close();
  });

  it('stops a server that lost its lock to it', async () => {
    const { elsewhere, system, faults } = await cutOff();
    // At once: the server has not asked for its lock again yet.
    await copyEvents(elsewhere, { from: 'kurrentdb', to: 'postgres' });
    expect(faults).toMatchObject([{ name: 'LedgerServed' }]);
    await system.close();
  });

  it('is refused by a server that lost its lock before it began its work', async () => {
    const elsewhere = configOf((await newServer()).connectionString);
    await copyEvents(onPostgres, { from: 'postgres', to: elsewhere.storeUrl ?? '' });
    const system = await openSystem({ ...elsewhere, role: 'api' });
    await cutConnections(database);
    await pause(100);
    system.start(() => undefined);
    await pause(1_500);
    expect((await problemOf(elsewhere, 'kurrentdb', 'postgres')).name).toBe('LedgerServed');
    await system.close();
  });

  it('goes to KurrentDB, where the ledger is opened afterwards, and back', async () => {
    const first = await copyEvents(onKurrent, { from: 'postgres', to: 'kurrentdb' });
    expect(first).toMatchObject({ events: 1, copiedEvents: 1 });
    expect(await marks()).toEqual([]);
    const system = await openSystem(onKurrent);
    const latest = await system.ledger.latestCheckpoint();
    expect(latest).toMatchObject({ size: 1, root: Buffer.from(first.root).toString('base64') });
    await system.close();
    const back = await copyEvents(onKurrent, { from: 'kurrentdb', to: 'postgres' });
    expect(back).toMatchObject({ events: 1, copiedEvents: 0 });
    await (await openSystem(onPostgres)).close();
  });

  it('leaves a mark when it is cut off, and takes it away when it is done again', async () => {
    const server = await newServer();
    const cutOff = ({ step }: { readonly step: string }): void => {
      if (step === 'events') throw new Error('killed');
    };
    const request = { from: 'postgres', to: server.connectionString };
    await expect(copyEvents(onPostgres, { ...request, onProgress: cutOff })).rejects.toThrow('killed');
    expect(await marks()).toEqual([MARK]);
    expect(await copyEvents(onPostgres, request)).toMatchObject({ events: 1, copiedEvents: 0 });
    expect(await marks()).toEqual([]);
  });

  it('is refused for a place that does not hold this ledger', async () => {
    const empty = configOf((await newServer()).connectionString);
    expect(await problemOf(empty, 'kurrentdb', 'postgres')).toMatchObject({ code: 'other_ledger' });
  });

  it('is refused before anything is made in a database that holds another ledger, or none to be copied', async () => {
    const [other, empty] = [await testDatabase(), await testDatabase()];
    const foreign = join(directory, 'foreign');
    const { connectionString: databaseUrl } = other;
    await initialise(loadConfigOrThrow({ dataDirectory: foreign, databaseUrl, logLevel: 'silent' }, {}), {
      ...options,
      origin: 'other.example/spec',
    });
    const before = await relationsOf(other);
    expect(await problemOf(onPostgres, 'postgres', other.connectionString)).toMatchObject({ code: 'other_ledger' });
    expect(await problemOf(onPostgres, empty.connectionString, 'postgres')).toMatchObject({ code: 'other_ledger' });
    expect(await relationsOf(other)).toEqual(before);
    expect(await relationsOf(empty)).toEqual([]);
    await Promise.all([other.drop(), empty.drop()]);
  });

  it.each([
    ['postgres', 'kurrentdb', 'AIDTRAIL_STORE'],
    ['postgres', 'postgres', 'same store'],
    ['postgres', 'mysql://a:hunter2@b/c', '--to: write'],
    ['postgres://a:hunter2@[/c', 'postgres', '--from: write'],
    ['postgres', 'esdb://a:hunter2@127.0.0.1:x?tls=true', '--to: '],
    ['postgres://a:hunter2@127.0.0.1:1/c', 'postgres', 'ECONNREFUSED'],
    ['esdb://a:hunter2@127.0.0.1:1?tls=false', 'postgres', 'KurrentDB cannot be reached'],
  ])(
    'from %s to %s says what is wrong, without the password',
    async (from, to, sentence) => {
      const { message, stack } = await problemOf(onPostgres, from, to);
      expect(message).toContain(sentence);
      expect(`${message}${stack}`).not.toContain('hunter2');
      expect(await marks()).toEqual([]);
    },
    60_000,
  );

  it('from an address to itself is refused', async () => {
    const { message } = await problemOf(onPostgres, 'postgres', database.connectionString);
    expect(message).toContain('same store');
    expect(message).not.toContain('postgres://');
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '@aidtrail/testing';
import { startKurrentServer, type KurrentServer } from '@aidtrail/testing/kurrentdb';
import { ConfigProblem, loadConfigOrThrow, type Config } from '../config/config.js';
import { readinessOf } from '../health/readiness.js';
import { initialise } from '../identity/initialise.js';
import { openSystem } from './system.js';

const options = { origin: 'ledger.example/spec', roots: [], utcOffsetMinutes: 480, k: 10, now: Date.UTC(2026, 10, 1) };

describe('a system on KurrentDB', () => {
  let directory: string;
  const databases: TestDatabase[] = [];
  const servers: KurrentServer[] = [];
  let own: { readonly database: TestDatabase; readonly server: KurrentServer };
  let config: Config;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'system-'));
    own = { database: await newDatabase(), server: await newServer() };
    config = configOf('main', own);
    await initialise(config, options);
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await Promise.all(databases.map((database) => database.drop()));
    await rm(directory, { recursive: true });
  });

  async function newDatabase(): Promise<TestDatabase> {
    const database = await testDatabase();
    databases.push(database);
    return database;
  }

  async function newServer(): Promise<KurrentServer> {
    const server = await startKurrentServer();
    servers.push(server);
    return server;
  }

  function configOf(
    name: string,
    { database, server }: { readonly database: TestDatabase; readonly server: KurrentServer },
  ): Config {
    const { connectionString: databaseUrl } = database;
    const storeUrl = server.connectionString;
    return loadConfigOrThrow({ dataDirectory: join(directory, name), databaseUrl, storeUrl, logLevel: 'silent' }, {});
  }

  it('keeps leaf 0 there, and follows it with its read models and its checkpoint', async () => {
    const system = await openSystem(config);
    const faults: unknown[] = [];
    system.start((fault) => faults.push(fault));
    expect(await system.projector.waitFor(0, 30_000)).toBe(true);
    expect(await system.store.head()).toBe(1);
    expect(await system.ledger.latestCheckpoint()).toMatchObject({ size: 1 });
    await system.close();
    expect(faults).toEqual([]);
    const streams = own.server.memory.log.map(({ stream }) => stream).filter((name) => !name.startsWith('$'));
    expect(streams).toEqual(['ledger-main']);
  });

  it('refuses an empty KurrentDB: the ledger was opened before', async () => {
    const empty = configOf('main', { ...own, server: await newServer() });
    await expect(openSystem(empty)).rejects.toMatchObject({ code: 'other_ledger' });
  });

  it('refuses the KurrentDB and the PostgreSQL of another ledger', async () => {
    const second = { database: await newDatabase(), server: await newServer() };
    await initialise(configOf('second', second), { ...options, origin: 'ledger.example/second' });
    await expect(openSystem(configOf('main', { ...own, server: second.server }))).rejects.toMatchObject({
      code: 'other_ledger',
    });
    const third = await newDatabase();
    const onPostgres = loadConfigOrThrow(
      { dataDirectory: join(directory, 'third'), databaseUrl: third.connectionString },
      {},
    );
    await initialise(onPostgres, { ...options, origin: 'ledger.example/third' });
    await expect(openSystem(configOf('main', { ...own, database: third }))).rejects.toMatchObject({
      code: 'other_ledger',
    });
  });

  it('is not ready to take commands without KurrentDB, nor without PostgreSQL, and says which it misses', async () => {
    const places = { database: await newDatabase(), server: await newServer() };
    const commands = { ...configOf('ready', places), role: 'api' as const };
    await initialise(commands, { ...options, origin: 'ledger.example/ready' });
    const system = await openSystem(commands);
    // Nobody leads: this process does not, and no other is there.
    expect(await readinessOf(system)).toMatchObject({ ready: true, head: 1, waitingFor: [], warnings: ['leader'] });
    const { memory, endpoint } = places.server;
    await places.server.stop();
    const without = await readinessOf(system);
    const { storeFault } = without;
    expect(storeFault).toContain('KurrentDB');
    expect(without).toEqual({ ready: false, waitingFor: ['store'], storeFault, warnings: ['leader'] });
    servers.push(await startKurrentServer({ memory, port: endpoint.port }));
    const deadline = Date.now() + 20_000;
    while (!(await readinessOf(system)).ready && Date.now() < deadline) await pause(100);
    expect(await readinessOf(system)).toMatchObject({ ready: true, head: 1 });
    await places.database.drop();
    expect(await readinessOf(system)).toEqual({ ready: false, head: 1, waitingFor: ['database'], warnings: [] });
    await system.close();
  });

  it('does not repeat the address, which has a password in it', async () => {
    const storeUrl = 'esdb://ledger:hunter2@127.0.0.1:x?tls=true';
    const failure: unknown = await openSystem({ ...config, storeUrl }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigProblem);
    expect(String((failure as Error).stack)).not.toContain('hunter2');
  });
});

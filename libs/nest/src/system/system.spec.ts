import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseLeafOrThrow } from '@aidtrail/envelope';
import { testDatabase, type TestDatabase } from '@aidtrail/testing';
import { loadConfigOrThrow, type Config } from '../config/config.js';
import { initialise } from '../identity/initialise.js';
import { openSystem } from './system.js';

const options = { origin: 'ledger.example/spec', roots: [], utcOffsetMinutes: 480, k: 10, now: Date.UTC(2026, 10, 1) };

describe('a system on PostgreSQL', () => {
  let directory: string;
  let database: TestDatabase;
  let config: Config;
  const configOf = (dataDirectory: string, { connectionString }: TestDatabase): Config =>
    loadConfigOrThrow({ dataDirectory, databaseUrl: connectionString, logLevel: 'silent' }, {});

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'system-'));
    database = await testDatabase();
    config = configOf(join(directory, 'main'), database);
    await initialise(config, options);
  });
  afterAll(async () => {
    await database.drop();
    await rm(directory, { recursive: true });
  });

  it('begins with leaf 0, signed by the event key, and a checkpoint over it', async () => {
    const system = await openSystem(config);
    const [opened] = await system.store.readStream('ledger-main');
    const leaf = parseLeafOrThrow(opened?.bytes as Uint8Array);
    expect(leaf).toMatchObject({ type: 'LedgerOpened', log: options.origin, version: 1 });
    expect(leaf.data).toMatchObject({ demo: true, k: 10, utcOffsetMinutes: 480 });
    expect(await system.ledger.latestCheckpoint()).toMatchObject({ size: 1 });
    await system.close();
  });

  it('keeps its secrets in files that only the owner may read', async () => {
    const files = await readdir(join(config.dataDirectory, 'keys'));
    expect(files.sort()).toEqual(
      ['checkpoint', 'event', 'ledger-secret', 'pepper-1', 'registry-master', 'root-1', 'root-2'].map(
        (n) => `${n}.key`,
      ),
    );
    for (const file of files) expect((await stat(join(config.dataDirectory, 'keys', file))).mode & 0o777).toBe(0o600);
  });

  it('is not initialised twice', async () => {
    await expect(initialise(config, options)).rejects.toMatchObject({ code: 'already_initialised' });
  });

  it('runs its background work and stops it, and can be closed twice', async () => {
    const system = await openSystem(config);
    const faults: unknown[] = [];
    system.start((fault) => faults.push(fault));
    expect(await system.projector.waitFor(0, 30_000)).toBe(true);
    await system.close();
    await system.close();
    expect(faults).toEqual([]);
  });

  it('refuses to start without a ledger, and says what to do', async () => {
    const empty = configOf(join(directory, 'none'), database);
    await expect(openSystem(empty)).rejects.toThrow(/aidtrail init/);
  });

  it('lets the days of a demo run ahead of the clock, and of no other ledger', async () => {
    const demo = await openSystem({ ...config, calendar: 'free' });
    expect(demo.calendar).toBe('free');
    await demo.close();
    const real = join(directory, 'real');
    await cp(config.dataDirectory, real, { recursive: true });
    const file = JSON.parse(await readFile(join(real, 'ledger.json'), 'utf8')) as object;
    await writeFile(join(real, 'ledger.json'), JSON.stringify({ ...file, demo: false }));
    await expect(openSystem({ ...configOf(real, database), calendar: 'free' })).rejects.toThrow(/AIDTRAIL_CALENDAR/);
  });

  it('refuses an empty database: the ledger was opened before', async () => {
    const other = await testDatabase();
    await expect(openSystem(configOf(config.dataDirectory, other))).rejects.toThrow(/Restore its database/);
    await other.drop();
  });

  it('refuses the database of another ledger', async () => {
    const other = await testDatabase();
    const second = configOf(join(directory, 'second'), other);
    await initialise(second, { ...options, origin: 'ledger.example/second' });
    // The registers would refuse as well, but for another reason: their secrets differ.
    await cp(join(config.dataDirectory, 'keys'), join(directory, 'mixed', 'keys'), { recursive: true });
    await cp(join(config.dataDirectory, 'ledger.json'), join(directory, 'mixed', 'ledger.json'));
    for (const name of ['ledger-secret', 'registry-master', 'pepper-1']) {
      await cp(join(directory, 'second', 'keys', `${name}.key`), join(directory, 'mixed', 'keys', `${name}.key`));
    }
    const mixed = configOf(join(directory, 'mixed'), other);
    await expect(openSystem(mixed)).rejects.toMatchObject({ code: 'other_ledger' });
    await expect(openSystem(configOf(config.dataDirectory, other))).rejects.toThrow();
    await other.drop();
  });

  it('refuses a damaged ledger.json and a key that others may read', async () => {
    await cp(config.dataDirectory, join(directory, 'damaged'), { recursive: true });
    const damaged = configOf(join(directory, 'damaged'), database);
    await writeFile(join(directory, 'damaged', 'ledger.json'), '{"v":1}');
    await expect(openSystem(damaged)).rejects.toMatchObject({ code: 'damaged' });
  });
});

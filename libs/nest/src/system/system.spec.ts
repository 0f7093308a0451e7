import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { parseLeafOrThrow } from '@aidtrail/envelope';
import { testDatabase, type TestDatabase } from '@aidtrail/testing';
import { loadConfigOrThrow, type Config } from '../config/config.js';
import { initialise } from '../identity/initialise.js';
import { createNoteSigner, signCheckpoint } from '@aidtrail/public-log';
import { readServerKeysOrThrow } from '../identity/server-keys.js';
import { FakeWitness } from '../witnesses/fake-witness.testing.js';
import { nameWitnesses } from '../witnesses/policy-file.js';
import { openSystem } from './system.js';

async function query(database: TestDatabase, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database.connectionString });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

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
      ['checkpoint', 'event', 'figures', 'ledger-secret', 'pepper-1', 'registry-master', 'root-1', 'root-2'].map(
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
    await expect(openSystem(configOf(config.dataDirectory, other))).rejects.toThrow(
      /name that; if this is the place, restore it/,
    );
    expect(
      await query(other, "select nspname from pg_namespace where nspname in ('ledger', 'registry', 'read')"),
    ).toEqual([]);
    await other.drop();
  });

  it('refuses the database of another ledger, and changes nothing in it', async () => {
    const other = await testDatabase();
    await initialise(configOf(join(directory, 'second'), other), { ...options, origin: 'ledger.example/second' });
    // As an older program left it: opening it as one's own would bring its tables up to date.
    await query(other, 'drop table registry.leftovers');
    await query(other, 'delete from registry.migrations where step >= 2');
    await expect(openSystem(configOf(config.dataDirectory, other))).rejects.toMatchObject({ code: 'other_ledger' });
    expect(
      await query(
        other,
        "select to_regclass('registry.leftovers') as made, count(*)::int as steps from registry.migrations",
      ),
    ).toEqual([{ made: null, steps: 2 }]);
    await other.drop();
  });

  it('refuses a ledger.json that calls a demo ledger real', async () => {
    const real = join(directory, 'called-real');
    await cp(config.dataDirectory, real, { recursive: true });
    const file = JSON.parse(await readFile(join(real, 'ledger.json'), 'utf8')) as object;
    await writeFile(join(real, 'ledger.json'), JSON.stringify({ ...file, demo: false }));
    await expect(openSystem(configOf(real, database))).rejects.toMatchObject({ code: 'other_ledger' });
  });

  it('refuses a damaged ledger.json and a key that others may read', async () => {
    await cp(config.dataDirectory, join(directory, 'damaged'), { recursive: true });
    const damaged = configOf(join(directory, 'damaged'), database);
    await writeFile(join(directory, 'damaged', 'ledger.json'), '{"v":1}');
    await expect(openSystem(damaged)).rejects.toMatchObject({ code: 'damaged' });
  });

  it('has a policy without witnesses from the start, and writes one that is missing, with a warning', async () => {
    const path = join(config.dataDirectory, 'log-policy.txt');
    const written = await readFile(path, 'utf8');
    expect(written).toMatch(/^# aidtrail-leaf0 .{44}\nlog ledger\.example\/spec\+.*\nquorum none\n$/);
    await rm(path);
    const warnings: string[] = [];
    await (await openSystem(config, { onWarning: (sentence) => warnings.push(sentence) })).close();
    expect(await readFile(path, 'utf8')).toBe(written);
    expect(warnings).toEqual([expect.stringContaining('log-policy.txt was missing')]);
  });

  it('refuses a policy that is none, or of another ledger', async () => {
    const path = join(config.dataDirectory, 'log-policy.txt');
    const written = await readFile(path, 'utf8');
    for (const damaged of [
      '',
      written.replace('quorum none', 'quorum some'),
      written.replace(/leaf0 ..../, 'leaf0 AAAA'),
    ]) {
      await writeFile(path, damaged);
      await expect(openSystem(config)).rejects.toThrow('log-policy.txt cannot be used');
    }
    await writeFile(path, written);
  });

  it('refuses an older copy of the database that only a witness knows to be one', async () => {
    const witness = await FakeWitness.start('north', 1);
    try {
      const before = await openSystem(config);
      const later = createNoteSigner(
        options.origin,
        (await readServerKeysOrThrow(config.dataDirectory)).checkpointSigner,
      );
      const note = signCheckpoint({ origin: options.origin, size: 500, root: new Uint8Array(32) }, later);
      await before.close();
      await nameWitnesses(config.dataDirectory, [witness.policy]);
      await (await openSystem(config)).close();
      witness.held = { size: 500, note: note + witness.line(note) };
      await expect(openSystem(config)).rejects.toThrow(/witness north holds a checkpoint over 500 events/);
      await witness.close();
      const warnings: string[] = [];
      await (await openSystem(config, { onWarning: (sentence) => warnings.push(sentence) })).close();
      expect(warnings).toEqual([expect.stringContaining('did not answer: north')]);
    } finally {
      await nameWitnesses(config.dataDirectory, []);
    }
  });
});

import { testDatabase, type TestDatabase } from '@aidtrail/testing';
import type pg from 'pg';
import { openTestRegister, type TestRegister } from '../registry.examples.js';
import { createDonorRegister, type DonorRegister } from './donor-register.js';
import type { IntakeRowInput } from './intake-row.js';

const intake = {
  intakeId: '1c0d2e3f-4a5b-4c6d-8e7f-9a0b1c2d3e4f',
  fundId: '2d1e3f40-5b6c-4d7e-9f80-ab1c2d3e4f02',
  channel: 'wechat',
  stagedBy: 'a'.repeat(64),
};

/** The dump ends after the test only: what waits for it never answers. */
describe('staging tables that a dump reads', () => {
  let database: TestDatabase;
  let register: TestRegister;
  let donors: DonorRegister;
  let dump: pg.PoolClient;
  beforeEach(async () => {
    database = await testDatabase();
    register = await openTestRegister(database.connectionString);
    donors = await createDonorRegister({ ...register.options('donors'), ledgerSecret: new Uint8Array(32).fill(5) });
    dump = await register.pool.connect();
    await dump.query('begin');
  });
  afterEach(async () => {
    await dump.query('rollback');
    dump.release();
    await register.end();
    await database.drop();
  });

  const namesOfStagings = async (): Promise<readonly string[]> => {
    const { rows } = await register.pool.query<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = 'registry' and tablename like 'staging%' order by 1",
    );
    return rows.map(({ name }) => name);
  };

  const lock = (name: string) => dump.query(`lock table registry.${name} in access share mode`);

  /** One gift; `meanwhile` happens once its table is there. */
  async function* rows(meanwhile: () => Promise<unknown> = () => Promise.resolve()): AsyncIterable<IntakeRowInput> {
    await meanwhile();
    yield { paymentReference: 'WX-1', amountMinor: 100 };
  }

  it('are passed over when they were forgotten, and keep no intake waiting', async () => {
    const hour = Math.floor(Date.now() / 60_000) - 61;
    const [locked, free] = [`staging_${hour}_${'a'.repeat(16)}`, `staging_${hour}_${'b'.repeat(16)}`];
    for (const name of [locked, free]) await register.pool.query(`create table registry.${name} (line integer)`);
    await lock(locked);
    expect(await donors.stageIntake({ ...intake, rows: rows() })).toMatchObject({ status: 'staged', count: 1 });
    expect(await namesOfStagings()).toStrictEqual([locked]);
    await dump.query('commit');
    expect(await donors.stageIntake({ ...intake, rows: rows() })).toMatchObject({ status: 'staged', count: 1 });
    expect(await namesOfStagings()).toStrictEqual([]);
  });

  it('do not keep the answer waiting when they are an intake’s own', async () => {
    const own = rows(async () => lock((await namesOfStagings())[0] ?? ''));
    expect(await donors.stageIntake({ ...intake, rows: own })).toMatchObject({ status: 'staged', count: 1 });
    expect(await namesOfStagings()).toHaveLength(1);
  });

  it('leave the connections as they were', async () => {
    await donors.stageIntake({ ...intake, rows: rows() });
    const idle = await Promise.all(Array.from({ length: 5 }, () => register.pool.connect()));
    for (const client of idle) {
      expect((await client.query('show lock_timeout')).rows).toStrictEqual([{ lock_timeout: '0' }]);
      client.release();
    }
  });
});

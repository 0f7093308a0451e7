import { setTimeout as pause } from 'node:timers/promises';
import { testDatabase, type TestDatabase } from '@aidtrail/testing';
import { openTestRegister, type TestRegister } from '../registry.examples.js';
import { createDonorRegister, type DonorRegister } from './donor-register.js';
import type { IntakeRowInput } from './intake-row.js';
import { stagingsPerProcess } from './staging-limit.js';

const ledgerSecret = new Uint8Array(32).fill(5);
const of = { fundId: '2d1e3f40-5b6c-4d7e-9f80-ab1c2d3e4f02', channel: 'wechat' };
const keyOf = (n: number): string => n.toString(16).padStart(64, '0');
const intakeOf = (n: number): string => `1c0d2e3f-4a5b-4c6d-8e7f-9a0b1c2d3e${String(n).padStart(2, '0')}`;
const gift = (reference: string): IntakeRowInput => ({ paymentReference: reference, amountMinor: 100 });

/** More than are written at once, so that something is in the database when the sender stops. */
const ROWS_THAT_CAME = 2_100;
/** The pool has two connections: fewer than there are senders. */
const SLOW_SENDERS = 3;

describe('intakes whose senders are slow', () => {
  let database: TestDatabase;
  let register: TestRegister;
  let donors: DonorRegister;
  beforeEach(async () => {
    database = await testDatabase();
    register = await openTestRegister(database.connectionString, 2);
    donors = await createDonorRegister({ ...register.options('donors'), ledgerSecret });
  });
  afterEach(async () => {
    await register.end();
    await database.drop();
  });

  const namesOfStagings = async (): Promise<readonly string[]> => {
    const { rows } = await register.pool.query<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = 'registry' and tablename like 'staging%'",
    );
    return rows.map(({ name }) => name);
  };

  /** It is written while the rows after it are read. */
  async function firstPieceIn(table: string): Promise<void> {
    const query = `select from registry.${table} limit 1`;
    while ((await register.pool.query(query)).rows.length === 0) await pause(5);
  }

  /** Sends some rows, says so, and waits; then it goes on or breaks off. */
  function slowSender(n: number, end: Promise<void>, stagedBy = keyOf(n)) {
    let hasCome: () => void = () => undefined;
    const come = new Promise<void>((resolve) => (hasCome = resolve));
    async function* rows(): AsyncIterable<IntakeRowInput> {
      for (let row = 0; row < ROWS_THAT_CAME; row += 1) yield await Promise.resolve(gift(`WX-${n}-${row}`));
      hasCome();
      await end;
      yield gift(`WX-${n}-last`);
    }
    return { come, staging: donors.stageIntake({ intakeId: intakeOf(n), ...of, stagedBy, rows: rows() }) };
  }

  /** Sends one row at once. */
  function quick(n: number, stagedBy: string) {
    async function* rows(): AsyncIterable<IntakeRowInput> {
      yield await Promise.resolve(gift(`WX-quick-${n}`));
    }
    return donors.stageIntake({ intakeId: intakeOf(n), ...of, stagedBy, rows: rows() });
  }

  const tooMany = { status: 'too_many_stagings', retryAfterSeconds: 10 };

  it('keep their own key waiting, and no other', async () => {
    let breakOff: (fault: Error) => void = () => undefined;
    const { come, staging } = slowSender(1, new Promise<void>((_, reject) => (breakOff = reject)));
    await come;
    expect(await quick(50, keyOf(1))).toStrictEqual(tooMany);
    expect(await namesOfStagings()).toHaveLength(1);
    expect(await quick(51, keyOf(2))).toMatchObject({ count: 1 });
    breakOff(new Error('The sender is gone.'));
    await expect(staging).rejects.toThrow('The sender is gone.');
    expect(await quick(50, keyOf(1))).toMatchObject({ count: 1 });
  });

  it('keep everybody waiting once there are four', async () => {
    let goOn: () => void = () => undefined;
    const end = new Promise<void>((resolve) => (goOn = resolve));
    const senders = Array.from({ length: stagingsPerProcess }, (_, n) => slowSender(n, end));
    await Promise.all(senders.map(({ come }) => come));
    expect(await quick(50, keyOf(50))).toStrictEqual(tooMany);
    expect(await namesOfStagings()).toHaveLength(4);
    goOn();
    for (const { staging } of senders) expect(await staging).toMatchObject({ status: 'staged' });
    expect(await quick(50, keyOf(50))).toMatchObject({ count: 1 });
  });

  it('hold no transaction open, and keep nobody from staging meanwhile', async () => {
    let goOn: () => void = () => undefined;
    const end = new Promise<void>((resolve) => (goOn = resolve));
    const senders = Array.from({ length: SLOW_SENDERS }, (_, n) => slowSender(n, end));
    await Promise.all(senders.map(({ come }) => come));
    expect(await quick(50, keyOf(50))).toMatchObject({ count: 1 });
    const { rows } = await register.pool.query(
      "select from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'",
    );
    expect(rows).toHaveLength(0);
    goOn();
    for (const { staging } of senders) expect(await staging).toMatchObject({ count: ROWS_THAT_CAME + 1 });
    expect(await namesOfStagings()).toStrictEqual([]);
  });

  it('leave nothing behind when they break off', async () => {
    let breakOff: (fault: Error) => void = () => undefined;
    const end = new Promise<void>((_, reject) => (breakOff = reject));
    const { come, staging } = slowSender(1, end);
    await come;
    expect(await namesOfStagings()).toHaveLength(1);
    breakOff(new Error('The sender is gone.'));
    await expect(staging).rejects.toThrow('The sender is gone.');
    expect(await namesOfStagings()).toStrictEqual([]);
    expect(await donors.stagedIntake(intakeOf(1))).toBeUndefined();
  });

  it('are a fault of the store, and no duplicates, when the database crashes between two pieces', async () => {
    let goOn: () => void = () => undefined;
    const { come, staging } = slowSender(1, new Promise<void>((resolve) => (goOn = resolve)));
    const outcome = staging.catch((fault: unknown) => fault);
    await come;
    const [table = ''] = await namesOfStagings();
    await firstPieceIn(table);
    await register.pool.query(`truncate registry.${table}`);
    goOn();
    expect(await outcome).toMatchObject({ name: 'StagingLost', code: '57P02' });
    expect(await donors.stagedIntake(intakeOf(1))).toBeUndefined();
    expect(await namesOfStagings()).toStrictEqual([]);
    expect(await slowSender(1, Promise.resolve()).staging).toMatchObject({ count: ROWS_THAT_CAME + 1 });
  });

  it('leave nothing for long when their process dies: the next start drops it, and no other’s', async () => {
    const hour = Math.floor(Date.now() / 60_000) - 61;
    const [forgotten, underWay] = [`staging_${hour}_${'a'.repeat(16)}`, `staging_${hour + 61}_${'b'.repeat(16)}`];
    for (const name of [forgotten, underWay]) await register.pool.query(`create table registry.${name} (line integer)`);
    await createDonorRegister({ ...register.options('next'), ledgerSecret });
    expect(await namesOfStagings()).toStrictEqual([underWay]);
  });
});

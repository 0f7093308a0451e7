import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { StoredEvent } from '@aidtrail/event-store';
import { testDatabase, type TestDatabase } from '@aidtrail/testing/postgres';
import type { DisclosureReader } from '../projected-event.js';
import { createHarness, type Harness } from '../testing/harness.js';
import { randomLedger } from '../testing/random-ledger.js';
import type { SyntheticLog } from '../testing/synthetic-log.js';

let database: TestDatabase;
let harness: Harness;
let log: SyntheticLog;

beforeEach(async () => {
  database = await testDatabase();
  ({ log } = randomLedger(11, 400));
  harness = createHarness(database.connectionString, log);
  await log.appendTo(harness.store);
});

afterEach(async () => {
  await harness.close();
  await database.drop();
});

/** What the tables are when everything is projected once, in one go. */
async function expectedDigest(): Promise<string> {
  const other = await testDatabase();
  const fresh = createHarness(other.connectionString, log);
  try {
    await fresh.project({ batchSize: 10_000 });
    return await fresh.digest();
  } finally {
    await fresh.close();
    await other.drop();
  }
}

describe('a projector', () => {
  it.each([1, 7, 100])('makes the same tables in batches of %i as in one', async (batchSize) => {
    await harness.project({ batchSize });
    expect(await harness.digest()).toBe(await expectedDigest());
  });

  it('rebuilds tables identical to the live ones', async () => {
    await harness.project({ batchSize: 50 });
    const live = await harness.digest();
    const seen: number[] = [];
    const next = await harness.projector({ batchSize: 100 }).rebuild({ onProgress: (done) => seen.push(done) });
    expect(next).toBe(log.events.length);
    expect(seen.at(-1)).toBe(log.events.length);
    expect(await harness.digest()).toBe(live);
  });

  it('tells different tables apart by their digest', async () => {
    await harness.project();
    const before = await harness.digest();
    await harness.read.pool.query('update read.funds set sent_minor = sent_minor + 1');
    expect(await harness.digest()).not.toBe(before);
  });

  it('applies a batch once when it is delivered again', async () => {
    await harness.project();
    const live = await harness.digest();
    const replaying = {
      ...harness.store,
      head: () => harness.store.head(),
      readAll: () => harness.store.readAll({ from: 0 }),
    };
    const projector = harness.projector({ store: replaying });
    expect(await projector.catchUp()).toBe(log.events.length);
    expect(await harness.digest()).toBe(live);
  });

  it('applies each event once when two projectors run at the same time', async () => {
    const first = harness.projector({ batchSize: 9 });
    const second = harness.projector({ batchSize: 14 });
    await Promise.all([first.catchUp(), second.catchUp()]);
    await Promise.all([first.catchUp(), second.catchUp()]);
    expect(await first.position()).toBe(log.events.length);
    expect(await harness.digest()).toBe(await expectedDigest());
  });

  it('goes on after a crash between two batches without losing or repeating an event', async () => {
    const crashing = failingAfter(log.disclosures(), 5);
    await expect(harness.projector({ batchSize: 20, disclosures: crashing }).catchUp()).rejects.toThrow(
      'key store away',
    );
    const reached = await harness.projector().position();
    expect(reached).toBeGreaterThan(0);
    expect(reached).toBeLessThan(log.events.length);
    await harness.projector().catchUp();
    expect(await harness.digest()).toBe(await expectedDigest());
  });

  it('rolls a batch back when writing it fails, and can write it later', async () => {
    const projector = harness.projector({ batchSize: 50 });
    await projector.position();
    await harness.read.pool.query('alter table read.redemptions add constraint broken check (position < 0)');
    await expect(projector.catchUp()).rejects.toThrow('broken');
    await harness.read.pool.query('alter table read.redemptions drop constraint broken');
    await projector.catchUp();
    expect(await harness.digest()).toBe(await expectedDigest());
  });

  it('stops at an event type that it does not know, having applied what came before', async () => {
    log.emit('VoucherRedeemed9', 'voucher-x', {});
    await log.appendTo(harness.store);
    const projector = harness.projector({ batchSize: 1 });
    await expect(projector.catchUp()).rejects.toThrow('Unknown event type VoucherRedeemed9');
    expect(await projector.position()).toBe(log.events.length - 1);
  });

  it('follows the log, waits out a lost connection and ends on abort', async () => {
    const ending = new AbortController();
    const retries: unknown[] = [];
    const projector = harness.projector({ onRetry: (error) => retries.push(error) });
    const running = projector.run(ending.signal);
    expect(await projector.waitFor(log.events.length - 1, 20_000)).toBe(true);
    await harness.read.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'aidtrail-projector' and datname = current_database()`,
    );
    log.nextDay();
    await log.appendTo(harness.store);
    const watcher = harness.projector();
    expect(await watcher.waitFor(log.events.length - 1, 20_000)).toBe(true);
    ending.abort();
    await running;
    expect(await harness.digest()).toBe(await expectedDigest());
  });

  it('says that an event was not projected in time', async () => {
    expect(await harness.projector().waitFor(log.events.length, 40)).toBe(false);
  });

  it('keeps every total when it is rebuilt after a person was erased', async () => {
    await harness.project();
    const totals = () =>
      harness.read.pool.query(`select sum(redeemed_count) as redemptions, sum(redeemed_minor) as redeemed,
                                sum(reversed_minor) as reversed from read.merchant_days`);
    const before = (await totals()).rows;
    const erased = (event: StoredEvent) => event.stream.startsWith('voucher-') && event.position % 2 === 0;
    await harness.projector({ disclosures: log.disclosures(erased) }).rebuild();
    expect((await totals()).rows).toEqual(before);
    const { rows } = await harness.read.pool.query<{ named: number; erased: number }>(
      `select count(*) filter (where merchant <> $1) as named, count(*) filter (where merchant = $1) as erased
       from read.redemptions`,
      ['00000000-0000-0000-0000-000000000000'],
    );
    expect(rows[0]?.named).toBeGreaterThan(0);
    expect(rows[0]?.erased).toBeGreaterThan(0);
  });
});

function failingAfter(disclosures: DisclosureReader, calls: number): DisclosureReader {
  let made = 0;
  return {
    privateOf: async (events) => {
      made += 1;
      if (made > calls) throw new Error('key store away');
      return disclosures.privateOf(events);
    },
  };
}

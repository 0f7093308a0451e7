import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { StoredEvent } from '@aidtrail/event-store';
import { testDatabase, type TestDatabase } from '@aidtrail/testing/postgres';
import { createHarness, type Harness } from '../testing/harness.js';
import { randomLedger } from '../testing/random-ledger.js';
import { SyntheticLog } from '../testing/synthetic-log.js';
import { VOUCHERS_PER_CHUNK } from '../tables/index.js';
import { idOf } from '../projector/load.js';
import { blankErased, type ErasedSubjects } from './blank-erased.js';

let database: TestDatabase;
let harness: Harness;

beforeEach(async () => {
  database = await testDatabase();
});

afterEach(async () => {
  await harness.close();
  await database.drop();
});

const isOf = ({ vouchers, donations }: ErasedSubjects) => {
  const streams = new Set([...vouchers.map((id) => `voucher-${id}`), ...donations.map((id) => `donation-${id}`)]);
  return (event: StoredEvent) => streams.has(event.stream);
};

/** Every third voucher and every fourth donation of a log. */
function someOf(log: SyntheticLog): ErasedSubjects {
  const ids = (type: string) => [
    ...new Set(log.events.filter(({ stream }) => stream.startsWith(type)).map(({ stream }) => idOf(stream))),
  ];
  return {
    vouchers: ids('voucher-').filter((_, i) => i % 3 === 0),
    donations: ids('donation-').filter((_, i) => i % 4 === 0),
  };
}

async function rebuiltDigest(log: SyntheticLog, erased: ErasedSubjects): Promise<string> {
  const other = await testDatabase();
  const fresh = createHarness(other.connectionString, log);
  try {
    await fresh.project({ disclosures: log.disclosures(isOf(erased)) });
    return await fresh.digest();
  } finally {
    await fresh.close();
    await other.drop();
  }
}

describe('read models after an erasure', () => {
  it.each([3, 11, 29, 61, 87])('are what a rebuild makes without the erased disclosures (log %i)', async (seed) => {
    const { log } = randomLedger(seed, 500);
    harness = createHarness(database.connectionString, log);
    await harness.project();
    const erased = someOf(log);
    const before = await harness.digest();
    await blankErased(harness.read, erased);
    expect(await harness.digest()).not.toBe(before);
    expect(await harness.digest()).toBe(await rebuiltDigest(log, erased));
  });

  it('are the same when it is done voucher by voucher, and twice', async () => {
    const { log } = randomLedger(11, 500);
    harness = createHarness(database.connectionString, log);
    await harness.project();
    const { vouchers, donations } = someOf(log);
    for (const voucher of vouchers) await blankErased(harness.read, { vouchers: [voucher], donations: [] });
    for (const donation of donations) await blankErased(harness.read, { vouchers: [], donations: [donation] });
    await blankErased(harness.read, { vouchers, donations });
    expect(await harness.digest()).toBe(await rebuiltDigest(log, { vouchers, donations }));
  });

  it('stay so when the same projector goes on with what it had cached', async () => {
    const { log } = randomLedger(29, 800);
    harness = createHarness(database.connectionString, log);
    const erased = someOf(log);
    const isErased = { now: false };
    const readers = { before: log.disclosures(), after: log.disclosures(isOf(erased)) };
    const projector = harness.projector({
      batchSize: 7,
      disclosures: { privateOf: (events) => (isErased.now ? readers.after : readers.before).privateOf(events) },
    });
    const half = new SyntheticLog();
    half.events.push(...log.events.slice(0, 400));
    await half.appendTo(harness.store);
    await projector.catchUp();
    isErased.now = true;
    await blankErased(harness.read, erased);
    await log.appendTo(harness.store);
    await projector.catchUp();
    expect(await harness.digest()).toBe(await rebuiltDigest(log, erased));
  });

  it('keep no sum that only the erased voucher had reached, and name its shop nowhere', async () => {
    const log = new SyntheticLog(5);
    const fund = log.openFund('campaign');
    const count = 3 * VOUCHERS_PER_CHUNK;
    log.intake(fund, [count * 10]);
    const batch = log.fundBatch(log.openCampaign(fund), fund, { count, face: 10 });
    const vouchers = Array.from({ length: count }, () => log.issue(batch));
    const [early, late] = [vouchers[1], vouchers[count - 1]] as const;
    const [shop, only] = [log.uuid(), log.uuid()];
    const basket = [{ category: 'rice', quantity: 1, amountMinor: 5 }];
    for (const voucher of [early, late]) {
      if (voucher === undefined) throw new Error('The batch is too small.');
      log.claim(voucher);
      const sale = log.redeem(voucher, 5, { merchant: shop, store: shop, basket });
      if (voucher === late) {
        log.reverse(voucher, sale, 5, 'voucher');
        log.redeem(voucher, 4, { merchant: only, store: only });
        log.cutoff(log.events.length - 1);
      }
    }
    harness = createHarness(database.connectionString, log);
    await harness.project();
    const erased = { vouchers: [(late as { id: string }).id], donations: [] };
    await blankErased(harness.read, erased);
    expect(await harness.digest()).toBe(await rebuiltDigest(log, erased));
    const named = await harness.read.pool.query<{ rows: number }>(
      `select (select count(*) from read.merchant_days where merchant = $1)
            + (select count(*) from read.merchant_windows where merchant = $1)
            + (select count(*) from read.batch_sums where item = $1::text)
            + (select count(*) from read.journal where postings::text like '%' || $1 || '%')
            + (select count(*) from read.account_balances where merchant = $1::text) as rows`,
      [only],
    );
    expect(named.rows[0]?.rows).toBe(0);
  });

  it('keep no target group of a voucher that was never used', async () => {
    const log = new SyntheticLog(7);
    const fund = log.openFund('campaign');
    log.intake(fund, [40]);
    const batch = log.fundBatch(log.openCampaign(fund), fund, { count: 4, face: 10 });
    const [, only] = Array.from({ length: 4 }, () => log.issue(batch));
    harness = createHarness(database.connectionString, log);
    await harness.project();
    const holding = async () => {
      const { rows } = await harness.read.pool.query<{ rows: number }>(
        `select (select count(*) from read.vouchers where target_group = 'children')
              + (select count(*) from read.batch_sums where item = 'children') as rows`,
      );
      return rows[0]?.rows;
    };
    expect(await holding()).toBe(2);
    await blankErased(harness.read, { vouchers: [(only as { id: string }).id], donations: [] });
    expect(await holding()).toBe(0);
  });

  it('are left alone when nothing of the subjects is in them', async () => {
    const { log } = randomLedger(3, 200);
    harness = createHarness(database.connectionString, log);
    await harness.project();
    const before = await harness.digest();
    await blankErased(harness.read, { vouchers: [log.uuid()], donations: [log.uuid()] });
    expect(await harness.digest()).toBe(before);
  });
});

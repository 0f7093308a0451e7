import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createMemoryEventStore } from '@aidtrail/event-store';
import { testDatabase, type TestDatabase } from '@aidtrail/testing/postgres';
import fc from 'fast-check';
import { openReadDatabase, type ReadDatabase } from '../database.js';
import { createProjector } from '../projector/projector.js';
import { NaiveLedger } from '../testing/naive-ledger.js';
import { randomLedger, type RandomLedger } from '../testing/random-ledger.js';
import { SyntheticLog } from '../testing/synthetic-log.js';
import { donationTrace, type DonationTrace } from './donation-trace.js';
import { TraceMismatch } from './trace-mismatch.js';

let database: TestDatabase;
let read: ReadDatabase;

beforeAll(async () => {
  database = await testDatabase();
  read = openReadDatabase({ connectionString: database.connectionString });
});

afterAll(async () => {
  await read.close();
  await database.drop();
});

describe('the trace of a donation', () => {
  it('has every fen where following each fen by itself finds it, and the groups of all vouchers that held one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 20, max: 300 }),
        async (seed, steps) => {
          const ledger = randomLedger(seed, steps);
          const naive = await projected(ledger);
          for (const donation of ledger.donations) {
            const trace = await donationTrace(read, { donation });
            expect(countsOf(trace as DonationTrace)).toEqual(naive.trace(donation));
          }
        },
      ),
      { numRuns: 25 },
    );
  }, 240_000);

  it('of an erased donor is not told, and the others of the same intake still add up', async () => {
    const log = new SyntheticLog(9);
    const administration = log.openFund('administration');
    const fund = log.openFund('general', { basisPoints: 500, administration: administration.id });
    const { donations } = log.intake(fund, [777, 400, 333], { administration });
    log.spend(administration, 60);
    const store = createMemoryEventStore();
    await log.appendTo(store);
    const disclosures = log.disclosures((event) => event.stream === `donation-${donations[0]}`);
    const projector = createProjector({ store, disclosures, connectionString: database.connectionString });
    await projector.rebuild();
    await projector.close();
    expect(await donationTrace(read, { donation: donations[0] as string })).toMatchObject({
      status: 'erased',
      number: 0,
    });
    const second = (await donationTrace(read, { donation: donations[1] as string })) as DonationTrace;
    expect(second).toMatchObject({
      grossMinor: 400,
      feeMinor: 20,
      totals: { freeMinor: 380, spentOnAdministrationMinor: 20 },
    });
    const third = (await donationTrace(read, { donation: donations[2] as string })) as DonationTrace;
    expect(third.totals.spentOnAdministrationMinor + third.totals.freeMinor).toBe(333);
    expect(third.feeUnlocatedMinor).toBe(0);
  });

  it('counts a voucher whose disclosures are erased in no target group, but among those touched', async () => {
    const log = new SyntheticLog(12);
    const fund = log.openFund('campaign');
    const { donations } = log.intake(fund, [100, 300]);
    const batch = log.fundBatch(log.openCampaign(fund), fund, { count: 4, face: 100 });
    const issued = Array.from({ length: 4 }, () => log.issue(batch));
    const second = { donation: donations[1] as string };
    const partOf = async (erased: string | undefined) => {
      const store = createMemoryEventStore();
      await log.appendTo(store);
      const disclosures = log.disclosures((event) => event.stream === `voucher-${erased}`);
      const projector = createProjector({ store, disclosures, connectionString: database.connectionString });
      await projector.rebuild();
      await projector.close();
      return ((await donationTrace(read, second)) as DonationTrace).batches[0];
    };
    expect(await partOf(undefined)).toMatchObject({
      vouchersTouched: 3,
      completedDay: null,
      vouchersByGroup: [
        { group: 'children', vouchers: 1 },
        { group: 'disabled', vouchers: 1 },
        { group: 'elderly', vouchers: 1 },
      ],
    });
    log.emit('BatchCompleted', `batch-${batch.id}`, { count: 4, totalMinor: 400 });
    expect(await partOf(issued[3]?.id)).toMatchObject({
      vouchersTouched: 3,
      completedDay: log.day,
      vouchersByGroup: [
        { group: 'children', vouchers: 1 },
        { group: 'disabled', vouchers: 1 },
        { group: 'erased', vouchers: 1 },
      ],
    });
  });

  it('has the fee in transit until the administration fund has received it', async () => {
    const log = new SyntheticLog(10);
    const administration = log.openFund('administration');
    const fund = log.openFund('general', { basisPoints: 1000, administration: administration.id });
    const { donations, intake } = log.intake(fund, [50, 50], { administration, feeLater: true });
    const store = createMemoryEventStore();
    await log.appendTo(store);
    const disclosures = log.disclosures();
    const projector = createProjector({ store, disclosures, connectionString: database.connectionString });
    await projector.rebuild();
    await projector.close();
    const trace = await donationTrace(read, { intake, number: 1 });
    expect(trace).toMatchObject({
      donation: donations[1],
      feeInTransitMinor: 5,
      totals: { freeMinor: 45, feeInTransitMinor: 5 },
    });
    expect(await donationTrace(read, { intake, number: 2 })).toBeUndefined();
  });

  it('is refused, never shown, when the figures do not add up', async () => {
    const { log, donations } = randomLedger(21, 250);
    await projected({ log, donations, merchants: [] });
    await read.pool.query('update read.line_moves set total_minor = total_minor + 1');
    const traces = await Promise.allSettled(donations.map((donation) => donationTrace(read, { donation })));
    const refused = traces.filter((each) => each.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    for (const each of refused) expect(each.reason).toBeInstanceOf(TraceMismatch);
  });
});

async function projected({ log }: RandomLedger): Promise<NaiveLedger> {
  const store = createMemoryEventStore();
  await log.appendTo(store);
  const disclosures = log.disclosures();
  const projector = createProjector({ store, disclosures, connectionString: database.connectionString, batchSize: 37 });
  try {
    await projector.rebuild();
  } finally {
    await projector.close();
  }
  const naive = new NaiveLedger();
  const disclosed = await disclosures.privateOf(log.events);
  log.events.forEach((event, i) => naive.apply(event, disclosed[i]));
  return naive;
}

/** The trace in the words of the naive ledger. */
function countsOf({ batches, totals }: DonationTrace): Record<string, number> {
  const counts: Record<string, number> = {};
  const add = (name: string, amount: number) => {
    if (amount !== 0) counts[name] = (counts[name] ?? 0) + amount;
  };
  add('free', totals.freeMinor);
  add('transit', totals.inTransitMinor);
  add('reserved', totals.refundReservedMinor);
  add('refunded', totals.refundedMinor);
  add('spent', totals.spentOnAdministrationMinor);
  add('unissued', totals.unissuedMinor);
  add('unclaimed', totals.unclaimedMinor);
  add('claimed', totals.claimedUnspentMinor);
  add('redeemed', totals.redeemedMinor);
  add('returning', totals.returningMinor);
  add('recoverable', totals.recoverableMinor);
  add('fee-in-transit', totals.feeInTransitMinor);
  for (const { redeemedByMerchant, redeemedBySettlement, redeemedByWeek, vouchersByGroup } of batches) {
    for (const { group, vouchers } of vouchersByGroup) add(`group ${group}`, vouchers);
    for (const { amountMinor, monday } of redeemedByWeek) add(`week ${monday}`, amountMinor);
    for (const { amountMinor, merchant } of redeemedByMerchant) add(`merchant ${merchant}`, amountMinor);
    for (const { amountMinor, status } of redeemedBySettlement) add(`window ${status}`, amountMinor);
  }
  return counts;
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createMemoryEventStore } from '@aidtrail/event-store';
import { testDatabase, type TestDatabase } from '@aidtrail/testing/postgres';
import fc from 'fast-check';
import { openReadDatabase, type ReadDatabase } from '../database.js';
import { createProjector } from '../projector/projector.js';
import { NaiveLedger } from '../testing/naive-ledger.js';
import { randomLedger, type RandomLedger } from '../testing/random-ledger.js';
import { donationTrace, type DonationTrace } from './donation-trace.js';

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
  it('has every fen where following each fen by itself finds it', async () => {
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
      { numRuns: 40 },
    );
  }, 240_000);
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
  for (const { redeemedByMerchant, redeemedBySettlement } of batches) {
    for (const { amountMinor, merchant } of redeemedByMerchant) add(`merchant ${merchant}`, amountMinor);
    for (const { amountMinor, status } of redeemedBySettlement) add(`window ${status}`, amountMinor);
  }
  return counts;
}

import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Leftovers } from '@aidtrail/privacy';
import { blankErased, openReadDatabase, type ReadDatabase } from '@aidtrail/read-models';
import { testDatabase, type TestDatabase } from '@aidtrail/testing';
import { blankLeftovers, keepBlanking } from './blank-leftovers.js';

const NOBODY = '00000000-0000-0000-0000-000000000000';

describe('blanking the read models after an erasure', () => {
  let database: TestDatabase;
  let reads: ReadDatabase;
  let voucher: string;
  const merchant = randomUUID();
  const batch = randomUUID();
  let noted: Leftovers;
  const none: Leftovers = { vouchers: [], donations: [] };

  beforeEach(async () => {
    database = await testDatabase();
    reads = openReadDatabase({ connectionString: database.connectionString });
    voucher = randomUUID();
    noted = { vouchers: [voucher], donations: [] };
    await blankErased(reads, none);
    await reads.pool.query(
      `insert into read.vouchers (voucher, batch, number, target_group, face_minor, status, unspent_minor, redeemed_minor,
         given_back_minor, owed_minor, reissues, issued_day) values ($1, $2, 0, 'elderly', 5, 'claimed', 3, 2, 0, 0, 0, '2026-11-01')`,
      [voucher, batch],
    );
    await reads.pool.query(
      `insert into read.redemptions (redemption, position, batch, number, merchant, store, funding_mode, consent,
         amount_minor, reversed_minor, segments, day)
       values ($1, 7, $2, 0, $3, $3, 'merchant-funded', 'holder', 2, 0, '[[0,2]]', '2026-11-02')`,
      [randomUUID(), batch, merchant],
    );
    await project();
  });
  afterEach(async () => {
    await reads.close();
    await database.drop();
  });

  /** What a projector does that opened the event while its key was there. */
  const project = () => reads.pool.query('update read.redemptions set merchant = $1', [merchant]);
  const shown = async () =>
    (await reads.pool.query<{ merchant: string }>('select merchant from read.redemptions')).rows;
  const people = {
    leftovers: () => Promise.resolve(noted),
    strikeLeftovers: (done: Leftovers) => {
      expect(done).toEqual(noted);
      noted = none;
      return Promise.resolve();
    },
  };
  const store = { head: () => Promise.resolve(8) };

  it('takes also what a projector brings in that had read it before the key was gone', async () => {
    const asked: number[] = [];
    const projector = {
      waitFor: async (position: number) => {
        asked.push(position);
        expect(await shown()).toEqual([{ merchant: NOBODY }]);
        await project();
        return true;
      },
    };
    expect(await blankLeftovers({ people, store, projector, reads }, { patience: 1 })).toBe(true);
    expect(asked).toEqual([7]);
    expect(await shown()).toEqual([{ merchant: NOBODY }]);
    expect(noted).toEqual(none);
  });

  it('blanks what is there and forgets nothing while the projection is behind', async () => {
    const projector = { waitFor: () => Promise.resolve(false) };
    expect(await blankLeftovers({ people, store, projector, reads }, { patience: 1 })).toBe(false);
    expect(await shown()).toEqual([{ merchant: NOBODY }]);
    expect(noted.vouchers).toEqual([voucher]);
  });

  it('is done at the start for what a crash left, and tells of faults without ending', async () => {
    const ending = new AbortController();
    const faults: unknown[] = [];
    const failing = {
      ...people,
      strikeLeftovers: async (done: Leftovers) => {
        await people.strikeLeftovers(done);
        ending.abort();
        throw new Error('connection lost');
      },
    };
    const projector = { waitFor: () => Promise.resolve(true) };
    await keepBlanking(
      { people: failing, store, projector, reads },
      { signal: ending.signal, onFault: (fault) => faults.push(fault) },
    );
    expect(await shown()).toEqual([{ merchant: NOBODY }]);
    expect(faults).toHaveLength(1);
  });
});

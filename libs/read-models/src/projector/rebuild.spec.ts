import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { StoredEvent } from '@aidtrail/event-store';
import { testDatabase, type TestDatabase } from '@aidtrail/testing/postgres';
import { blankErased } from '../erasure/blank-erased.js';
import type { DisclosureReader } from '../projected-event.js';
import { createHarness, type Harness } from '../testing/harness.js';
import { randomLedger } from '../testing/random-ledger.js';
import type { SyntheticLog } from '../testing/synthetic-log.js';
import { idOf } from './load.js';

let database: TestDatabase;
let harness: Harness;
let log: SyntheticLog;

beforeEach(async () => {
  database = await testDatabase();
  ({ log } = randomLedger(17, 400));
  harness = createHarness(database.connectionString, log);
  await harness.project({ batchSize: 50 });
});

afterEach(async () => {
  await harness.close();
  await database.drop();
});

/** Opens what there is to open, and first does something at the given call. */
function interrupted(at: number, act: () => Promise<void>, reader = log.disclosures()): DisclosureReader {
  let calls = 0;
  return {
    privateOf: async (events) => {
      calls += 1;
      if (calls === at) await act();
      return reader.privateOf(events);
    },
  };
}

async function schemas(): Promise<readonly string[]> {
  const { rows } = await harness.read.pool.query<{ nspname: string }>(
    "select nspname from pg_namespace where nspname like 'read%' order by nspname",
  );
  return rows.map(({ nspname }) => nspname);
}

const indexes = async () => {
  const { rows } = await harness.read.pool.query<{ indexdef: string }>(
    "select indexdef from pg_indexes where schemaname = 'read' order by indexdef",
  );
  return rows.map(({ indexdef }) => indexdef);
};

describe('a rebuild', () => {
  it('ends with the tables, keys and indexes that the projection made', async () => {
    const live = { digest: await harness.digest(), indexes: await indexes() };
    await harness.projector().rebuild();
    expect({ digest: await harness.digest(), indexes: await indexes() }).toEqual(live);
    expect(await schemas()).toEqual(['read']);
  });

  it('leaves the present tables to their readers until it is done', async () => {
    const live = await harness.digest();
    const seen: string[] = [];
    const disclosures = interrupted(1, async () => void seen.push(await harness.digest()));
    await harness.projector({ disclosures }).rebuild();
    expect(seen).toEqual([live]);
  });

  it('that is cut off changes nothing, and what it left is gone when a projector starts', async () => {
    const live = await harness.digest();
    const crashing = interrupted(1, () => Promise.reject(new Error('key store away')));
    await expect(harness.projector({ disclosures: crashing }).rebuild()).rejects.toThrow('key store away');
    expect(await schemas()).toEqual(['read', 'read_next']);
    expect(await harness.digest()).toBe(live);
    expect(await schemas()).toEqual(['read']);
    await harness.projector().rebuild();
    expect(await harness.digest()).toBe(live);
  });

  it('has what was appended and projected while it ran', async () => {
    const running = harness.projector();
    const disclosures = interrupted(1, async () => {
      log.nextDay();
      await log.appendTo(harness.store);
      await running.catchUp();
    });
    expect(await harness.projector({ disclosures }).rebuild()).toBe(log.events.length);
    log.nextDay();
    await log.appendTo(harness.store);
    expect(await running.catchUp()).toBe(log.events.length);
  });

  it('starts again when somebody was erased while it ran, and shows nothing of them', async () => {
    const vouchers = [...new Set(log.events.map(({ stream }) => stream))].filter((stream) =>
      stream.startsWith('voucher-'),
    );
    const erased = { vouchers: vouchers.filter((_, i) => i % 2 === 0).map(idOf), donations: [] };
    const streams = new Set(erased.vouchers.map((id) => `voucher-${id}`));
    const gone = log.disclosures((event: StoredEvent) => streams.has(event.stream));
    let keysExist = true;
    const reader: DisclosureReader = {
      privateOf: (events) => (keysExist ? log.disclosures() : gone).privateOf(events),
    };
    // The fields of this call were opened before the keys went.
    let calls = 0;
    const racing: DisclosureReader = {
      privateOf: async (events) => {
        const opened = await reader.privateOf(events);
        calls += 1;
        if (calls === 1) {
          keysExist = false;
          await blankErased(harness.read, erased);
        }
        return opened;
      },
    };
    await harness.projector({ disclosures: racing }).rebuild();
    expect(calls).toBeGreaterThan(1);
    const blanked = await harness.digest();
    await harness.projector({ disclosures: gone }).rebuild();
    expect(await harness.digest()).toBe(blanked);
  });

  it('follows the log that there is, also where the tables had come from a longer one', async () => {
    const { log: shorter } = randomLedger(18, 30);
    const other = createHarness(database.connectionString, shorter);
    await shorter.appendTo(other.store);
    expect(shorter.events.length).toBeLessThan(log.events.length);
    expect(await other.projector().rebuild()).toBe(shorter.events.length);
    await other.close();
  });

  it('is made by one at a time', async () => {
    const other = harness.projector();
    const disclosures = interrupted(1, async () => {
      await expect(other.rebuild()).rejects.toThrow('being rebuilt already');
    });
    await harness.projector({ disclosures }).rebuild();
  });

  it('opens only disclosures that make a difference', async () => {
    const live = await harness.digest();
    const asked = new Set<string>();
    const counting: DisclosureReader = {
      privateOf: async (events) => {
        for (const { bytes } of events) asked.add((JSON.parse(Buffer.from(bytes).toString()) as { type: string }).type);
        return log.disclosures().privateOf(events);
      },
    };
    await harness.projector({ disclosures: counting }).rebuild();
    expect(await harness.digest()).toBe(live);
    expect(asked).toContain('VoucherRedeemed');
    expect(asked).toContain('VoucherIssued');
    expect(asked).not.toContain('VoucherClaimed');
  });
});

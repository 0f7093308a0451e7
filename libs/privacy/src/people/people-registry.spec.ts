import { testDatabase, type TestDatabase } from '@aidtrail/testing';
import { readFile, writeFile } from 'node:fs/promises';
import type { ReadPurpose } from './access.js';
import { createPeopleRegistry, type PeopleRegistry } from './people-registry.js';
import {
  access,
  batchId,
  campaignId,
  importedRoster,
  inventedName,
  openTestRegister,
  otherCampaignId,
  partnerId,
  peppers,
  programmeId,
  rosterFile,
  type TestRegister,
} from '../registry.examples.js';
import { parseRoster } from '../roster/parse-roster.js';
import { today } from '../roster/roster.examples.js';

const firstRow = parseRoster(rosterFile(1), { today }).rows[0] ?? { idType: 'resident_id' as const, idNumber: '' };

describe('the registry of people', () => {
  let database: TestDatabase;
  let register: TestRegister;
  let registry: PeopleRegistry;
  beforeEach(async () => {
    database = await testDatabase();
    register = await openTestRegister(database.connectionString);
    registry = await createPeopleRegistry({ ...register.options('people'), peppers });
  });
  afterEach(async () => {
    await register.end();
    await database.drop();
  });

  const firstPerson = async () => (await registry.findPerson(programmeId, firstRow)) ?? 'none';

  it('returns a person only after the read is on record', async () => {
    await importedRoster(registry, 3);
    const id = await firstPerson();
    const result = await registry.readPerson(id, access);
    expect(result).toEqual({
      status: 'found',
      person: {
        name: inventedName(0),
        idType: 'resident_id',
        idNumber: firstRow.idNumber,
        phone: '13800000000',
        community: '上坝村',
      },
    });
    expect(await registry.readsOf(id)).toEqual([{ ...access, readAt: new Date('2026-11-23T08:00:00Z') }]);
  });

  it('knows which campaigns have a person on a roster in use', async () => {
    const withdrawn = await importedRoster(registry, 2);
    const id = await firstPerson();
    await registry.importRoster({
      bytes: rosterFile(3),
      programmeId,
      campaignId: otherCampaignId,
      importedBy: 'officer-one',
    });
    expect([...(await registry.campaignsOf(id))].sort()).toEqual([campaignId, otherCampaignId].sort());
    await registry.withdrawRoster(withdrawn);
    expect(await registry.campaignsOf(id)).toEqual([otherCampaignId]);
    expect(await registry.campaignsOf('none')).toEqual([]);
  });

  it('returns nothing when the read cannot be recorded', async () => {
    await importedRoster(registry, 1);
    const id = await firstPerson();
    await register.pool.query('alter table registry.person_reads rename to person_reads_away');
    await expect(registry.readPerson(id, access)).rejects.toThrow(/person_reads/);
  });

  it('keeps the record of reads from being changed', async () => {
    await importedRoster(registry, 1);
    await registry.readPerson(await firstPerson(), access);
    for (const change of [
      "update registry.person_reads set purpose = 'x'",
      'delete from registry.person_reads',
      'truncate registry.person_reads',
    ]) {
      await expect(register.pool.query(change)).rejects.toThrow('append-only');
    }
  });

  it.each([
    [{ purpose: 'curiosity' as ReadPurpose, readerKeyId: 'x' }, 'purpose_unknown'],
    [{ readerKeyId: 'officer-one', caseReference: '石小禾' }, 'reader_key_malformed'],
    [{ caseReference: '石小禾' }, 'case_reference_malformed'],
    [{ caseReference: '34052419800101001X' }, 'case_reference_malformed'],
  ])('refuses a read without a proper purpose: %#', async (change, code) => {
    await importedRoster(registry, 1);
    const id = await firstPerson();
    const improper = { ...access, ...change };
    expect(await registry.readPerson(id, improper)).toEqual({ status: 'refused', code });
    expect(await registry.entitlementsOf(id, improper)).toEqual({ status: 'refused', code });
    expect(await registry.householdSlip(batchId, 0, improper)).toEqual({ status: 'refused', code });
    expect(await registry.readsOf(id)).toEqual([]);
  });

  it('says of unknown ids that there is nobody', async () => {
    for (const id of ['none', '0b8d6b5e-4f5b-4b57-8a3c-0c8a5e1f2d01']) {
      expect(await registry.readPerson(id, access)).toEqual({ status: 'not_found' });
      expect(await registry.readsOf(id)).toEqual([]);
      expect(await registry.erasePerson(id, { reason: 'legal_order', by: 'a' })).toEqual({ status: 'unknown_person' });
    }
  });

  it('stores nothing personal in the clear', async () => {
    await importedRoster(registry, 3);
    const { rows } = await register.pool.query<{ table_name: string }>(
      "select table_name from information_schema.tables where table_schema = 'registry'",
    );
    expect(rows.length).toBeGreaterThan(8);
    for (const { table_name: table } of rows) {
      const content = await register.pool.query(`select * from registry.${table}`);
      const text = JSON.stringify(content.rows, (_, value: unknown) => {
        const buffer = value as { type?: string; data?: number[] } | null;
        return buffer?.type === 'Buffer' ? Buffer.from(buffer.data ?? []).toString('utf8') : value;
      });
      for (const secret of [inventedName(0), firstRow.idNumber, '13800000000', '上坝村', 'elderly']) {
        expect(text).not.toContain(secret);
      }
    }
  });

  it('separates programmes: the same number has another tag and another person in each', async () => {
    await importedRoster(registry, 1);
    const other = 'another-programme';
    await registry.importRoster({ bytes: rosterFile(1), programmeId: other, campaignId, importedBy: 'officer-one' });
    const here = await registry.findPerson(programmeId, firstRow);
    const there = await registry.findPerson(other, firstRow);
    expect(here).toBeDefined();
    expect(there).toBeDefined();
    expect(here).not.toBe(there);
    const { rows } = await register.pool.query<{ tag: Buffer }>('select distinct tag from registry.person_duplicates');
    expect(rows).toHaveLength(2);
  });

  it('still knows people under an older pepper, and gives them a new tag when it meets them', async () => {
    const old = await createPeopleRegistry({ ...register.options('old'), peppers: peppers.slice(0, 1) });
    await importedRoster(old, 1);
    const id = await firstPerson();
    expect(id).not.toBe('none');
    await registry.importRoster({
      bytes: rosterFile(1),
      programmeId,
      campaignId: otherCampaignId,
      importedBy: 'officer-one',
    });
    const onlyNew = await createPeopleRegistry({ ...register.options('new'), peppers: peppers.slice(1) });
    expect(await onlyNew.findPerson(programmeId, firstRow)).toBe(id);
  });

  it('does not start with another master key or another pepper under the same version', async () => {
    const options = register.options('wrong');
    await expect(createPeopleRegistry({ ...options, masterKey: new Uint8Array(32).fill(8), peppers })).rejects.toThrow(
      '"master-key"',
    );
    const exchanged = [{ version: 1, key: new Uint8Array(32).fill(99) }];
    await expect(createPeopleRegistry({ ...options, peppers: exchanged })).rejects.toThrow('"pepper-1"');
  });

  describe('erasure', () => {
    const prepare = async () => {
      const rosterId = await importedRoster(registry, 5);
      await registry.prepareBatch({ rosterId, batchId, programmeId, campaignId, partnerId, kind: 'voucher' });
      const id = await firstPerson();
      const result = await registry.entitlementsOf(id, access);
      const voucherId = result.status === 'found' ? (result.entitlements[0]?.voucherId ?? '') : '';
      return { id, voucherId };
    };
    const order = { reason: 'subject_request', by: 'officer-one' } as const;

    it('makes the person unreadable everywhere and leaves the others alone', async () => {
      const { id, voucherId } = await prepare();
      const before = await registry.sealKeysOf(await registry.voucherIds(batchId, 0, 10));
      expect(before.get(voucherId)).toBeInstanceOf(Uint8Array);
      expect(await registry.erasePerson(id, order)).toEqual({ status: 'erased' });
      expect(await registry.readPerson(id, access)).toEqual({ status: 'erased' });
      const after = await registry.sealKeysOf([...before.keys()]);
      expect(after.get(voucherId)).toBe('erased');
      for (const [other, key] of before) if (other !== voucherId) expect(after.get(other)).toEqual(key);
      expect(await registry.findPerson(programmeId, firstRow)).toBeUndefined();
      const entitled = await registry.entitlementsOf(id, access);
      const number = entitled.status === 'found' ? (entitled.entitlements[0]?.number ?? -1) : -1;
      expect(await registry.householdSlip(batchId, number, access)).toEqual({ status: 'erased' });
      expect((await registry.issuancePlan(batchId, number, 1))[0]).toMatchObject({
        voucherId,
        erased: true,
        group: 'erased',
      });
      const { rows } = await register.pool.query(
        `select (select count(*) from registry.person_duplicates where person_id = $1)
              + (select count(*) from registry.roster_rows where person_id = $1 and sealed is not null)
              + (select count(*) from registry.batch_rows where person_id = $1 and sealed is not null)
              + (select count(*) from registry.people where person_id = $1 and (sealed is not null or wrapped_key is not null)) as left`,
        [id],
      );
      expect(rows).toEqual([{ left: '0' }]);
    });

    it('notes the vouchers that are to be blanked elsewhere, until somebody says that it was done', async () => {
      const { id, voucherId } = await prepare();
      expect(await registry.leftovers(10)).toEqual({ vouchers: [], donations: [] });
      await registry.erasePerson(id, order);
      const noted = { vouchers: [voucherId], donations: [] };
      expect(await registry.leftovers(10)).toEqual(noted);
      const restarted = await createPeopleRegistry({ ...register.options('restarted'), peppers });
      expect(await restarted.leftovers(10)).toEqual(noted);
      await restarted.strikeLeftovers(noted);
      expect(await registry.leftovers(10)).toEqual({ vouchers: [], donations: [] });
      await registry.erasePerson(id, order);
      await registry.reapplyErasures();
      expect(await registry.leftovers(10)).toEqual({ vouchers: [], donations: [] });
    });

    it('notes them or destroys nothing', async () => {
      const { id, voucherId } = await prepare();
      await register.pool.query('alter table registry.leftovers rename to leftovers_away');
      await expect(registry.erasePerson(id, order)).rejects.toThrow('leftovers');
      expect((await registry.sealKeysOf([voucherId])).get(voucherId)).toBeInstanceOf(Uint8Array);
      await register.pool.query('alter table registry.leftovers_away rename to leftovers');
    });

    it('is idempotent and lists the person once', async () => {
      const { id } = await prepare();
      await registry.erasePerson(id, order);
      expect(await registry.erasePerson(id, order)).toEqual({ status: 'already_erased' });
      const list = await readFile(register.erasureListFile, 'utf8');
      expect(list.split('\n').filter((line) => line !== '')).toEqual([
        `{"v":1,"kind":"person","id":"${id}","date":"2026-11-23","reason":"subject_request"}`,
      ]);
    });

    it('refuses a reason that is not on the list', async () => {
      const { id } = await prepare();
      expect(await registry.erasePerson(id, { reason: '石小禾 asked' as 'legal_order', by: 'a' })).toEqual({
        status: 'unknown_reason',
      });
    });

    it('lets the same human be registered again as somebody new', async () => {
      const { id } = await prepare();
      await registry.erasePerson(id, order);
      await registry.importRoster({ bytes: rosterFile(1), programmeId, campaignId, importedBy: 'officer-one' });
      const again = await firstPerson();
      expect(again).not.toBe('none');
      expect(again).not.toBe(id);
    });

    it('holds after a backup is restored: the registry is not handed out before the list is applied', async () => {
      const { id, voucherId } = await prepare();
      const tables = ['people', 'person_duplicates', 'roster_rows', 'batch_rows', 'leftovers'];
      for (const table of tables) await register.pool.query(`create table backup_${table} as table registry.${table}`);
      await registry.erasePerson(id, order);
      await restore(register, tables);
      expect(await registry.readPerson(id, access)).toMatchObject({ status: 'found' });

      const restored = await createPeopleRegistry({ ...register.options('restored'), peppers });
      expect(await restored.readPerson(id, access)).toEqual({ status: 'erased' });
      expect((await restored.sealKeysOf([voucherId])).get(voucherId)).toBe('erased');
      expect(await restored.leftovers(10)).toEqual({ vouchers: [voucherId], donations: [] });
      expect(await restored.reapplyErasures()).toBe(0);
    });

    it('is finished at the next start when a crash came after the list was written', async () => {
      const { id } = await prepare();
      const line = { v: 1, kind: 'person', id, date: '2026-11-23', reason: 'subject_request' };
      await writeFile(register.erasureListFile, `\n${JSON.stringify(line)}\n`);
      const restarted = await createPeopleRegistry({ ...register.options('restarted'), peppers });
      expect(await restarted.readPerson(id, access)).toEqual({ status: 'erased' });
    });

    it('does not serve with a damaged list', async () => {
      await prepare();
      await writeFile(register.erasureListFile, 'not a list\n');
      await expect(createPeopleRegistry({ ...register.options('again'), peppers })).rejects.toThrow('damaged');
    });
  });
});

/** What restoring a backup does to the tables: the old rows are back. One connection, so that the setting holds. */
async function restore(register: TestRegister, tables: readonly string[]): Promise<void> {
  const client = await register.pool.connect();
  try {
    await client.query('set session_replication_role = replica');
    for (const table of tables) {
      await client.query(`delete from registry.${table}`);
      await client.query(`insert into registry.${table} table backup_${table}`);
    }
    await client.query('set session_replication_role = default');
  } finally {
    client.release();
  }
}

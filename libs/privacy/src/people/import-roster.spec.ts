import { testDatabase, type TestDatabase } from '@aidtrail/testing';
import { createPeopleRegistry, type PeopleRegistry } from './people-registry.js';
import type { RosterImportRequest, RosterImportResult } from './import-roster.js';
import {
  access,
  batchId,
  campaignId,
  inventedName,
  openTestRegister,
  otherCampaignId,
  partnerId,
  peppers,
  programmeId,
  rosterFile,
  type TestRegister,
} from '../registry.examples.js';
import { chineseLines, chineseRoster, inventedPeople } from '../roster/roster.examples.js';

describe('importing a roster', () => {
  let database: TestDatabase;
  let register: TestRegister;
  let registry: PeopleRegistry;
  beforeEach(async () => {
    database = await testDatabase();
    register = await openTestRegister(database.connectionString);
    registry = await createPeopleRegistry({ ...register.options('import'), peppers });
  });
  afterEach(async () => {
    await register.end();
    await database.drop();
  });

  const importFile = (bytes: Uint8Array, change: Partial<RosterImportRequest> = {}): Promise<RosterImportResult> =>
    registry.importRoster({ bytes, programmeId, campaignId, importedBy: 'officer-one', ...change });
  const bytesOf = (lines: readonly string[]) => new TextEncoder().encode(chineseRoster(lines));
  const storedRows = async () => {
    const { rows } = await register.pool.query<{ stored: number }>(
      `select ((select count(*) from registry.people) + (select count(*) from registry.rosters)
             + (select count(*) from registry.roster_rows) + (select count(*) from registry.person_duplicates))::int as stored`,
    );
    return rows[0]?.stored;
  };

  it('shows in a dry run what would happen, and stores nothing', async () => {
    const result = await importFile(rosterFile(12), { dryRun: true, faceValueMinor: 5000 });
    expect(result).toMatchObject({
      status: 'dry_run',
      refusal: undefined,
      problems: [],
      totalMinor: 60000,
      summary: {
        rowCount: 12,
        acceptableCount: 12,
        newPeople: 12,
        knownPeople: 0,
        duplicates: 0,
        groups: { elderly: 3, mother_infant: 3, disabled: 3, children: 3 },
        communities: { 上坝村: 4, 河口社区: 4, 云岭村: 4 },
        encoding: 'utf-8',
      },
    });
    expect(await storedRows()).toBe(0);
  });

  it('refuses a list with problems and stores nothing of it, until the lines are mended or excluded', async () => {
    const bytes = bytesOf([...chineseLines(), '石小禾,340524198001010013,,上坝村,老人']);
    const refused = await importFile(bytes);
    expect(refused).toMatchObject({
      status: 'refused',
      code: 'roster_has_problems',
      problems: [{ line: 6, code: 'id_check_digit' }],
    });
    expect(await storedRows()).toBe(0);
    expect(await importFile(bytes, { excludeLines: [6, 60] })).toMatchObject({
      status: 'refused',
      code: 'excluded_line_unknown',
      lines: [60],
    });
    expect(await importFile(bytes, { excludeLines: [6] })).toMatchObject({
      status: 'imported',
      summary: { acceptableCount: 4, newPeople: 4 },
    });
  });

  it('refuses the same file twice for a campaign, and says where it is', async () => {
    const first = await importFile(rosterFile(3));
    const rosterId = first.status === 'imported' ? first.rosterId : '';
    expect(await importFile(rosterFile(3))).toMatchObject({
      status: 'refused',
      code: 'roster_already_imported',
      rosterId,
    });
    expect(await importFile(rosterFile(3), { dryRun: true })).toMatchObject({
      status: 'dry_run',
      refusal: { code: 'roster_already_imported', rosterId },
    });
  });

  it('lets only one of two simultaneous imports of the same file through', async () => {
    const results = await Promise.all([importFile(rosterFile(50)), importFile(rosterFile(50))]);
    expect(results.map(({ status }) => status).sort()).toEqual(['imported', 'refused']);
  });

  it('finds people who are on another active roster of the campaign', async () => {
    await importFile(rosterFile(3));
    const second = await importFile(rosterFile(3, 2));
    expect(second).toMatchObject({
      status: 'refused',
      code: 'roster_has_problems',
      problems: [{ line: 2, code: 'person_already_listed' }],
      summary: { duplicates: 1, acceptableCount: 2 },
    });
    expect(await importFile(rosterFile(3, 2), { excludeLines: [2] })).toMatchObject({
      status: 'imported',
      summary: { newPeople: 2, knownPeople: 0 },
    });
  });

  it('knows people from an earlier campaign, keeps their id and takes the newest details', async () => {
    const [person] = inventedPeople;
    await importFile(bytesOf(chineseLines()));
    const identity = { idType: 'resident_id', idNumber: person.id } as const;
    const id = await registry.findPerson(programmeId, identity);
    const result = await importFile(bytesOf([`${person.name},${person.id},13500000099,河口社区,老人`]), {
      campaignId: otherCampaignId,
    });
    expect(result).toMatchObject({ status: 'imported', summary: { newPeople: 0, knownPeople: 1 } });
    expect(await registry.findPerson(programmeId, identity)).toBe(id);
    expect(await registry.readPerson(id ?? '', access)).toMatchObject({
      status: 'found',
      person: { name: person.name, phone: '13500000099', community: '河口社区' },
    });
  });

  it('stops when a known number comes with another name', async () => {
    const [person, other] = inventedPeople;
    await importFile(bytesOf(chineseLines()));
    const result = await importFile(bytesOf([`${other.name},${person.id},,上坝村,老人`]), {
      campaignId: otherCampaignId,
    });
    expect(result).toMatchObject({ status: 'refused', problems: [{ line: 2, code: 'name_differs_from_registry' }] });
  });

  it('withdraws a roster that no batch uses, so that its file and people can come again', async () => {
    const first = await importFile(rosterFile(3));
    const rosterId = first.status === 'imported' ? first.rosterId : '';
    expect(await registry.withdrawRoster(rosterId)).toBe('withdrawn');
    const second = await importFile(rosterFile(3));
    expect(second).toMatchObject({ status: 'imported', summary: { knownPeople: 3 } });
    const inUse = second.status === 'imported' ? second.rosterId : '';
    await registry.prepareBatch({ rosterId: inUse, batchId, programmeId, campaignId, partnerId, kind: 'voucher' });
    expect(await registry.withdrawRoster(inUse)).toBe('roster_in_use');
    expect(await registry.withdrawRoster('none')).toBe('unknown_roster');
  });

  it('tells nothing personal in any answer', async () => {
    await importFile(rosterFile(30));
    const answers = [
      await importFile(rosterFile(30)),
      await importFile(rosterFile(40, 10)),
      await importFile(rosterFile(40, 10), { dryRun: true }),
    ];
    const told = JSON.stringify(answers);
    expect(told).toContain('person_already_listed');
    for (let n = 0; n < 50; n += 1) {
      expect(told).not.toContain(inventedName(n));
      expect(told).not.toContain(`138${String(n).padStart(8, '0')}`);
    }
    expect(told).not.toMatch(/522632\d{11}/);
  });
});

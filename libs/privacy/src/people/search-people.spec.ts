import { testDatabase, type TestDatabase } from '@aidtrail/testing';
import type { ReadPurpose } from './access.js';
import { createPeopleRegistry, type PeopleRegistry } from './people-registry.js';
import { mostPeopleFound, searchesPerHour, type PersonSearch } from './search-people.js';
import {
  access,
  campaignId,
  inventedName,
  openTestRegister,
  otherCampaignId,
  peppers,
  programmeId,
  type TestRegister,
} from '../registry.examples.js';
import { chineseRoster, inventedId } from '../roster/roster.examples.js';

const of = { programmeId, campaignId };
const idOf = (n: number): string => inventedId('522632', '19600101', n);
const line = (n: number, name = inventedName(n), phone = `138${String(n).padStart(8, '0')}`): string =>
  `${name},${idOf(n)},${phone},上坝村,老人`;

describe('a search for people', () => {
  let database: TestDatabase;
  let register: TestRegister;
  let registry: PeopleRegistry;
  let now: Date;
  beforeEach(async () => {
    now = new Date('2026-11-23T08:00:00Z');
    database = await testDatabase();
    register = await openTestRegister(database.connectionString);
    registry = await createPeopleRegistry({ ...register.options('people'), now: () => now, peppers });
  });
  afterEach(async () => {
    await register.end();
    await database.drop();
  });

  async function imported(lines: readonly string[], campaign = campaignId): Promise<string> {
    const bytes = new TextEncoder().encode(chineseRoster([...lines]));
    const result = await registry.importRoster({ bytes, programmeId, campaignId: campaign, importedBy: 'officer-one' });
    if (result.status !== 'imported') throw new Error(`not imported: ${JSON.stringify(result)}`);
    return result.rosterId;
  }
  const personOf = async (n: number): Promise<string> =>
    (await registry.findPerson(programmeId, { idType: 'resident_id', idNumber: idOf(n) })) ?? 'none';
  const search = (terms: Partial<PersonSearch>) => registry.searchPeople({ ...of, ...terms }, access);
  const foundBy = async (terms: Partial<PersonSearch>): Promise<readonly string[]> => {
    const result = await search(terms);
    if (result.status !== 'searched') throw new Error(`refused: ${JSON.stringify(result)}`);
    return result.people.map(({ personId }) => personId);
  };

  it('finds by name, telephone or number, as people write them, and shows too little to know more', async () => {
    await imported([line(1, '石小禾'), line(2)]);
    const found = {
      status: 'searched',
      people: [
        {
          personId: await personOf(1),
          name: '石**',
          idNumber: '*'.repeat(14) + idOf(1).slice(-4),
          phone: '*******0001',
          community: '上坝村',
        },
      ],
      isComplete: true,
    };
    for (const terms of [
      { name: '石小禾' },
      { name: ' 石 小 禾' },
      { phone: '+86 138-0000-0001' },
      { idNumber: idOf(1).toLowerCase() },
      { idNumber: idOf(1), idType: '身份证', name: '石小禾', phone: '13800000001' },
    ])
      expect(await search(terms)).toStrictEqual(found);
  });

  it('finds nobody by a part of a name, nor by terms of two people', async () => {
    await imported([line(1, '石小禾'), line(2, '石大禾')]);
    for (const terms of [
      { name: '石' },
      { name: '石小' },
      { name: '石小禾', phone: '13800000002' },
      { name: '石小禾', idNumber: idOf(2) },
      { idNumber: idOf(1), idType: 'passport' },
    ])
      expect(await foundBy(terms)).toStrictEqual([]);
  });

  it('finds by the newest name and telephone alone', async () => {
    await imported([line(1, '石小禾', '13800000001')]);
    await imported([line(1, '石小禾', '13900000009')], otherCampaignId);
    expect(await foundBy({ phone: '13800000001' })).toStrictEqual([]);
    expect(await foundBy({ phone: '13900000009' })).toStrictEqual([await personOf(1)]);
  });

  it('finds those on a roster in use of the campaign, of its programme, and nobody else', async () => {
    const roster = await imported([line(1, '石小禾')]);
    expect(await foundBy({ name: '石小禾', campaignId: otherCampaignId })).toStrictEqual([]);
    expect(await foundBy({ name: '石小禾', programmeId: otherCampaignId })).toStrictEqual([]);
    await registry.withdrawRoster(roster);
    expect(await foundBy({ name: '石小禾' })).toStrictEqual([]);
    expect(await foundBy({ idNumber: idOf(1) })).toStrictEqual([]);
  });

  it('finds nobody who was erased, and keeps nothing to find them by', async () => {
    await imported([line(1, '石小禾')]);
    await registry.erasePerson(await personOf(1), { reason: 'legal_order', by: 'officer-one' });
    for (const terms of [{ name: '石小禾' }, { phone: '13800000001' }, { idNumber: idOf(1) }])
      expect(await foundBy(terms)).toStrictEqual([]);
    const { rows } = await register.pool.query('select from registry.person_finders');
    expect(rows).toHaveLength(0);
  });

  it('tells a few, and that there are more', async () => {
    await imported(Array.from({ length: mostPeopleFound + 1 }, (_, n) => line(n, '石小禾')));
    const result = await search({ name: '石小禾' });
    expect(result).toMatchObject({ status: 'searched', isComplete: false });
    expect(await foundBy({ name: '石小禾' })).toHaveLength(mostPeopleFound);
  });

  it('is on record with its purpose, and so is the read of each person found, without what was typed', async () => {
    await imported([line(1, '石小禾'), line(2)]);
    await foundBy({ name: '石小禾' });
    await foundBy({ phone: '13811111111', idNumber: idOf(9) });
    const { rows } = await register.pool.query(
      'select campaign_id, terms, purpose, case_reference, reader_key_id, found from registry.person_searches order by ordinal',
    );
    const common = {
      campaign_id: campaignId,
      purpose: access.purpose,
      case_reference: access.caseReference,
      reader_key_id: access.readerKeyId,
    };
    expect(rows).toStrictEqual([
      { ...common, terms: ['name'], found: 1 },
      { ...common, terms: ['phone', 'identity'], found: 0 },
    ]);
    expect(await registry.readsOf(await personOf(1))).toHaveLength(1);
    expect(await registry.readsOf(await personOf(2))).toHaveLength(0);
    for (const change of ['update registry.person_searches set found = 0', 'delete from registry.person_searches'])
      await expect(register.pool.query(change)).rejects.toThrow('append-only');
  });

  it('tells nothing when it cannot be recorded', async () => {
    await imported([line(1, '石小禾')]);
    await register.pool.query('alter table registry.person_searches rename column found to lost');
    await expect(search({ name: '石小禾' })).rejects.toThrow();
    expect(await registry.readsOf(await personOf(1))).toHaveLength(0);
  });

  it.each([
    [{ purpose: 'curiosity' as ReadPurpose }, {}, { code: 'purpose_unknown' }],
    [{ caseReference: '石小禾' }, {}, { code: 'case_reference_malformed' }],
    [{}, {}, { code: 'search_empty' }],
    [{}, { name: ' ' }, { code: 'term_malformed', term: 'name' }],
    [{}, { phone: '138' }, { code: 'term_malformed', term: 'phone' }],
    [{}, { phone: '无' }, { code: 'term_malformed', term: 'phone' }],
    [{}, { idNumber: '522632196001010000' }, { code: 'term_malformed', term: 'identity' }],
    [{}, { idNumber: 'E12345678', idType: 'library card' }, { code: 'term_malformed', term: 'identity' }],
  ])('is refused without a proper purpose or term: %#', async (change, terms, refusal) => {
    const result = await registry.searchPeople({ ...of, ...terms }, { ...access, ...change });
    expect(result).toStrictEqual({ status: 'refused', ...refusal });
    expect((await register.pool.query('select from registry.person_searches')).rows).toHaveLength(0);
  });

  it('is made so often an hour by one key, also many at once, and by another key all the same', async () => {
    await imported([line(1, '石小禾')]);
    const many = await Promise.all(Array.from({ length: searchesPerHour + 3 }, () => search({ phone: '13811111111' })));
    expect(many.filter(({ status }) => status === 'searched')).toHaveLength(searchesPerHour);
    now = new Date(now.getTime() + 60_000);
    expect(await search({ name: '石小禾' })).toStrictEqual({ status: 'too_many_searches', retryAfterSeconds: 3_540 });
    const other = { ...access, readerKeyId: 'cd'.repeat(32) };
    expect(await registry.searchPeople({ ...of, name: '石小禾' }, other)).toMatchObject({ status: 'searched' });
    now = new Date(now.getTime() + 3_540_000);
    expect(await foundBy({ name: '石小禾' })).toHaveLength(1);
  });
});

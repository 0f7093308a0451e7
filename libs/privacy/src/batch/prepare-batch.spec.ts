import { testDatabase, type TestDatabase } from '@aidtrail/testing';
import { base64DecodeOrThrow, base64Encode, isUuid } from '@aidtrail/envelope';
import { createTreeHasher, rootOf } from '@aidtrail/public-log';
import { sha256 } from '../crypto/sealing.js';
import { createPeopleRegistry, type PeopleRegistry } from '../people/people-registry.js';
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
  type TestRegister,
} from '../registry.examples.js';
import type { BatchRequest } from './prepare-batch.js';

const secondBatchId = 'aa403f85-9f31-4a3f-8a31-3c9f5ec07d06';
const hasher = createTreeHasher(sha256);
const rootOver = (commitments: readonly string[]) =>
  base64Encode(
    rootOf(
      commitments.map((commitment) => hasher.leafHash(base64DecodeOrThrow(commitment))),
      hasher,
    ),
  );

describe('preparing a batch', () => {
  let database: TestDatabase;
  let register: TestRegister;
  let registry: PeopleRegistry;
  let rosterId = '';
  beforeEach(async () => {
    database = await testDatabase();
    register = await openTestRegister(database.connectionString);
    registry = await createPeopleRegistry({ ...register.options('batch'), peppers });
    rosterId = await importedRoster(registry, 40);
  });
  afterEach(async () => {
    await register.end();
    await database.drop();
  });

  const request = (change: Partial<BatchRequest> = {}): BatchRequest => ({
    rosterId,
    batchId,
    programmeId,
    campaignId,
    partnerId,
    kind: 'voucher',
    ...change,
  });

  it('commits to every household: the commitments of the plan rebuild the root', async () => {
    const prepared = await registry.prepareBatch(request());
    const plan = await registry.issuancePlan(batchId, 0, 1000);
    expect(prepared).toEqual({
      status: 'prepared',
      batchId,
      count: 40,
      rosterRoot: rootOver(plan.map(({ commitment }) => commitment)),
      communities: ['上坝村', '云岭村', '河口社区'].sort(),
    });
    expect(plan.map(({ number }) => number)).toEqual(Array.from({ length: 40 }, (_, number) => number));
    expect(new Set(plan.map(({ voucherId }) => voucherId)).size).toBe(40);
    expect(new Set(plan.map(({ sealKey }) => base64Encode(sealKey))).size).toBe(40);
    for (const row of plan) {
      expect(isUuid(row.voucherId) && row.voucherId.charAt(14) === '8').toBe(true);
      expect(row.sealKey).toHaveLength(32);
      expect(row.partner).toBe(partnerId);
      expect(['elderly', 'mother_infant', 'disabled', 'children']).toContain(row.group);
    }
  });

  it('breaks the order of the list', async () => {
    await registry.prepareBatch(request());
    const { rows } = await register.pool.query<{ line: number }>(
      `select r.line from registry.batch_rows b
         join registry.roster_rows r on r.person_id = b.person_id and r.roster_id = $2
        where b.batch_id = $1 order by b.number`,
      [batchId, rosterId],
    );
    const lines = rows.map(({ line }) => line);
    expect([...lines].sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index + 2));
    expect(lines.filter((line, index) => line === index + 2).length).toBeLessThan(10);
  });

  it('gives the same result when asked again, page by page, and from another process', async () => {
    const first = await registry.prepareBatch(request());
    const plan = await registry.issuancePlan(batchId, 0, 1000);
    const again = await createPeopleRegistry({ ...register.options('another'), peppers });
    expect(await again.prepareBatch(request())).toEqual(first);
    const pages = [];
    for (let from = 0; from < 40; from += 7) pages.push(...(await again.issuancePlan(batchId, from, 7)));
    expect(pages).toEqual(plan);
    expect(await again.preparedBatch(batchId)).toMatchObject({ batchId, count: 40 });
    expect(await again.voucherIds(batchId, 38, 10)).toEqual(plan.slice(38).map(({ voucherId }) => voucherId));
    expect(await again.voucherIdOf(batchId, 3)).toBe(plan[3]?.voucherId);
    expect(await again.voucherIdOf(batchId, 40)).toBeUndefined();
    expect(await again.issuancePlan('none', 0, 10)).toEqual([]);
  });

  it('draws once when two processes prepare the same batch at the same time', async () => {
    const other = await createPeopleRegistry({ ...register.options('other'), peppers });
    const [one, two] = await Promise.all([registry.prepareBatch(request()), other.prepareBatch(request())]);
    expect(one.status).toBe('prepared');
    expect(two).toEqual(one);
  });

  it('resumes after a crash between storing the secret and drawing', async () => {
    await register.pool.query('alter table registry.batch_rows rename to batch_rows_away');
    await expect(registry.prepareBatch(request())).rejects.toThrow();
    const secret = await register.pool.query('select status, wrapped_secret from registry.batches');
    expect(secret.rows).toMatchObject([{ status: 'drawing' }]);
    expect(await registry.preparedBatch(batchId)).toBeUndefined();
    await register.pool.query('alter table registry.batch_rows_away rename to batch_rows');
    expect(await registry.prepareBatch(request())).toMatchObject({ status: 'prepared', count: 40 });
    const after = await register.pool.query('select wrapped_secret from registry.batches');
    expect(after.rows).toEqual([{ wrapped_secret: (secret.rows[0] as { wrapped_secret: Buffer }).wrapped_secret }]);
  });

  it.each([
    [{ rosterId: 'none' }, 'unknown_roster'],
    [{ rosterId: '0b8d6b5e-4f5b-4b57-8a3c-0c8a5e1f2d01' }, 'unknown_roster'],
    [{ campaignId: otherCampaignId }, 'roster_of_another_campaign'],
    [{ programmeId: 'another' }, 'roster_of_another_campaign'],
  ])('refuses %p with %s', async (change, code) => {
    expect(await registry.prepareBatch(request(change))).toEqual({ status: 'refused', code });
  });

  it('refuses a second batch over the same roster, and another batch under the same id', async () => {
    await registry.prepareBatch(request());
    expect(await registry.prepareBatch(request({ batchId: secondBatchId }))).toMatchObject({
      code: 'roster_already_used',
    });
    expect(await registry.prepareBatch(request({ kind: 'care_card' }))).toMatchObject({ code: 'batch_differs' });
    expect(await registry.prepareBatch(request({ batchId: secondBatchId, kind: 'care_card' }))).toMatchObject({
      count: 40,
    });
  });

  it('frees the roster when the batch was released, but never revives that batch', async () => {
    await registry.prepareBatch(request());
    expect(await registry.releaseBatch(batchId)).toBe(true);
    expect(await registry.prepareBatch(request())).toMatchObject({ code: 'batch_released' });
    expect(await registry.prepareBatch(request({ batchId: secondBatchId }))).toMatchObject({ status: 'prepared' });
    expect(await registry.releaseBatch('none')).toBe(false);
  });

  it('refuses a withdrawn roster and one whose people are all erased', async () => {
    await registry.withdrawRoster(rosterId);
    expect(await registry.prepareBatch(request())).toMatchObject({ code: 'roster_withdrawn' });
    const lonely = await importedRoster(registry, 1, 100);
    const { rows } = await register.pool.query<{ person_id: string }>(
      'select person_id from registry.roster_rows where roster_id = $1',
      [lonely],
    );
    await registry.erasePerson(rows[0]?.person_id ?? '', { reason: 'subject_request', by: 'officer-one' });
    expect(await registry.prepareBatch(request({ rosterId: lonely }))).toMatchObject({ code: 'roster_empty' });
  });

  it('still rebuilds the root after a person was erased', async () => {
    const prepared = await registry.prepareBatch(request());
    const { rows } = await register.pool.query<{ person_id: string; number: number }>(
      'select person_id, number from registry.batch_rows where number = 7',
    );
    await registry.erasePerson(rows[0]?.person_id ?? '', { reason: 'subject_request', by: 'officer-one' });
    const plan = await registry.issuancePlan(batchId, 0, 1000);
    expect(plan).toHaveLength(40);
    expect(plan[7]).toMatchObject({ erased: true, group: 'erased', community: 'erased' });
    expect(plan.filter(({ erased }) => erased)).toHaveLength(1);
    expect(prepared).toMatchObject({ rosterRoot: rootOver(plan.map(({ commitment }) => commitment)) });
    expect(await registry.issuancePlan(batchId, 7, 1)).toEqual([plan[7]]);
  });

  it('hands out the key of each voucher asked for, and nothing for other ids', async () => {
    await registry.prepareBatch(request());
    const plan = await registry.issuancePlan(batchId, 0, 1000);
    const keys = await registry.sealKeysOf([...plan.map(({ voucherId }) => voucherId), 'none', secondBatchId]);
    expect(keys.size).toBe(40);
    for (const { voucherId, sealKey } of plan) expect(keys.get(voucherId)).toEqual(sealKey);
  });

  it('prints slips with what a worker needs and no more, and records whose', async () => {
    await registry.prepareBatch(request());
    const voucherId = await registry.voucherIdOf(batchId, 5);
    const result = await registry.householdSlip(batchId, 5, access);
    expect(result).toMatchObject({ status: 'found', slip: { batchId, number: 5, voucherId } });
    const slip = result.status === 'found' ? result.slip : undefined;
    expect(slip?.maskedIdNumber).toMatch(/^\*{14}\d{3}[\dX]$/);
    expect(Array.from({ length: 40 }, (_, n) => inventedName(n))).toContain(slip?.name);
    expect(JSON.stringify(slip)).not.toMatch(/138\d{8}|522632/);
    expect(await registry.householdSlip(batchId, 40, access)).toEqual({ status: 'not_found' });
    const page = await registry.householdSlips({ batchId, fromNumber: 30, limit: 100 }, access);
    expect(page.status === 'found' ? page.slips.map(({ number }) => number) : []).toEqual([
      30, 31, 32, 33, 34, 35, 36, 37, 38, 39,
    ]);
    const { rows } = await register.pool.query('select count(*)::int as reads from registry.person_reads');
    expect(rows).toEqual([{ reads: 11 }]);
  });

  it('tells a person’s entitlements across batches, and records that it was asked', async () => {
    await registry.prepareBatch(request());
    await registry.prepareBatch(request({ batchId: secondBatchId, kind: 'care_card' }));
    const { rows } = await register.pool.query<{ person_id: string }>(
      'select person_id from registry.batch_rows where batch_id = $1 and number = 0',
      [batchId],
    );
    const personId = rows[0]?.person_id ?? '';
    const result = await registry.entitlementsOf(personId, access);
    const entitlements = result.status === 'found' ? result.entitlements : [];
    expect(entitlements.map((entitlement) => [entitlement.batchId, entitlement.kind])).toEqual([
      [batchId, 'voucher'],
      [secondBatchId, 'care_card'],
    ]);
    expect(entitlements[0]).toMatchObject({ number: 0, programmeId, campaignId, partnerId });
    expect(await registry.readsOf(personId)).toHaveLength(1);
    expect(await registry.entitlementsOf('none', access)).toEqual({ status: 'not_found' });
  });
});

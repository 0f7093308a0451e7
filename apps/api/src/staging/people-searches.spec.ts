import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Signer } from '@aidtrail/envelope';
import { searchesPerHour } from '@aidtrail/privacy';
import { identityNumberOf, startRegistryApi, type RegistryApi } from '../testing/registry-api.js';

const [NAME, PHONE, NUMBER] = ['石小禾', '13800000001', identityNumberOf('52263219600101001')];
const ROSTER = `姓名,身份证号,电话,社区,类别\n${NAME},${NUMBER},${PHONE},上坝村,老人\n`;

describe('POST /people/searches', () => {
  let of: RegistryApi;
  let registrar: Signer;
  beforeAll(async () => {
    of = await startRegistryApi();
    registrar = await of.api.enroll('registrar', 'registrar-1');
    const rosters = `/rosters?programme=${of.programme}&campaign=${of.campaign}`;
    const imported = await of.post(rosters, ROSTER, registrar);
    expect(imported.status).toBe(200);
  });
  afterAll(() => of.close());

  const search = (terms: object, reader = registrar) =>
    of.post('/people/searches', { campaign: of.campaign, purpose: 'claim_check', ...terms }, reader);
  const answerOf = async (response: Promise<Response>): Promise<Record<string, unknown>> =>
    (await (await response).json()) as Record<string, unknown>;

  it('finds a person by each term, masked, and keeps no copy of the answer', async () => {
    const [person] = [await of.people.findPerson(of.programme, { idType: 'resident_id', idNumber: NUMBER })];
    const expected = {
      people: [
        {
          person,
          name: '石**',
          identityNumber: `${'*'.repeat(14)}${NUMBER.slice(-4)}`,
          phone: '*******0001',
          community: '上坝村',
        },
      ],
      isComplete: true,
    };
    for (const terms of [{ name: NAME }, { phone: PHONE }, { identityNumber: NUMBER, case: 'CASE-2026-1' }]) {
      const response = await search(terms);
      expect([response.status, response.headers.get('cache-control')]).toStrictEqual([200, 'no-store']);
      expect(await response.json()).toStrictEqual(expected);
    }
    const reads = await of.people.readsOf(person as string);
    expect(reads).toHaveLength(3);
    expect(reads[2]).toMatchObject({
      purpose: 'claim_check',
      caseReference: 'CASE-2026-1',
      readerKeyId: registrar.keyId,
    });
  });

  it('is for registrars and workers alone, and within the campaigns of their keys', async () => {
    const worker = await of.api.enroll('worker', 'worker-1', { campaigns: [of.campaign] });
    expect((await search({ name: NAME }, worker)).status).toBe(200);
    const elsewhere = await of.api.enroll('worker', 'worker-2', { campaigns: [randomUUID()] });
    expect(await answerOf(search({ name: NAME }, elsewhere))).toMatchObject({ code: 'reader_out_of_scope' });
    for (const role of ['finance', 'programme', 'channel', 'till', 'service']) {
      const hidden = role === 'till' ? { organisation: randomUUID(), store: randomUUID() } : {};
      const reader = await of.api.enroll(role, `${role}-9`, hidden);
      expect([role, await answerOf(search({ name: NAME }, reader))]).toMatchObject([role, { code: 'reader_role_not_allowed' }]); // prettier-ignore
    }
    const headers = { 'content-type': 'application/json' };
    const { status } = await fetch(`${of.api.url}/people/searches`, { method: 'POST', headers, body: '{}' });
    expect(status).toBe(401);
  });

  it.each([
    [
      { purpose: 'curiosity', name: NAME },
      { code: 'malformed', problems: [{ member: 'purpose' }] },
    ],
    [
      { name: NAME, case: NAME },
      { code: 'malformed', reason: 'case_reference_malformed' },
    ],
    [{}, { code: 'malformed', reason: 'search_empty' }],
    [{ phone: '138' }, { code: 'malformed', reason: 'term_malformed', term: 'phone' }],
    [{ identityNumber: '522632' }, { code: 'malformed', reason: 'term_malformed', term: 'identity' }],
    [
      { name: NAME, village: '上坝村' },
      { code: 'malformed', problems: [{ member: 'village' }] },
    ],
    [{ name: 7 }, { code: 'malformed' }],
    [{ name: NAME, campaign: randomUUID() }, { code: 'not_found' }],
  ])('refuses what is no search, and repeats nothing of it: %#', async (terms, expected) => {
    const answer = await answerOf(search(terms));
    expect(answer).toMatchObject(expected);
    expect(JSON.stringify(answer)).not.toMatch(/石小禾|上坝村/);
  });

  it('makes a key wait that searches too often', async () => {
    const eager = await of.api.enroll('worker', 'worker-3');
    for (let n = 0; n < searchesPerHour; n += 1)
      expect((await search({ phone: '13811111111' }, eager)).status).toBe(200);
    const response = await search({ phone: '13811111111' }, eager);
    expect([response.status, response.headers.get('retry-after')]).toStrictEqual([429, '3600']);
    expect((await search({ name: NAME })).status).toBe(200);
  });

  it('writes nothing of what was looked for into the log', () => {
    expect(of.logged()).toContain('/people/searches');
    for (const secret of [NAME, PHONE, NUMBER, encodeURIComponent(NAME)]) expect(of.logged()).not.toContain(secret);
  });
});

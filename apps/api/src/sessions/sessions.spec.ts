import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signSession, type SessionBody, type Signer } from '@aidtrail/envelope';
import { newSigner, ORIGIN, postJson, startMemoryApi, type MemoryApi } from '../testing/memory-api.js';

describe('reading sessions', () => {
  let api: MemoryApi;
  let now = Date.parse('2026-11-02T00:00:00Z');
  let finance: Signer;
  const trialBalance = { accounts: [], sumMinor: 0, asOf: 0 };
  beforeAll(async () => {
    const rows = { rows: [{ account: null, merchant: null, balance: null, postings: null, as_of: 0 }] };
    const reads = { pool: { query: () => Promise.resolve(rows) } } as never;
    api = await startMemoryApi({ clock: () => now, system: { reads } });
    finance = await api.enroll('finance', 'fin-1');
  });
  afterAll(() => api.close());

  const challengeOf = async (keyId: string): Promise<SessionBody> => {
    const response = await postJson(`${api.url}/sessions/challenges`, JSON.stringify({ key: keyId }));
    expect(response.status).toBe(200);
    return (await response.json()) as SessionBody;
  };
  const open = (body: SessionBody, signer: Signer) =>
    postJson(`${api.url}/sessions`, Buffer.from(signSession(body, signer)).toString());
  const tokenOf = async (signer: Signer): Promise<string> =>
    ((await (await open(await challengeOf(signer.keyId), signer)).json()) as { token: string }).token;
  const read = (token?: string) =>
    fetch(`${api.url}/trial-balance`, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });
  const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

  it('lets in whoever signs the challenge with an approved key, and nobody without a token', async () => {
    expect(await codeOf(await read())).toBe('session_required');
    expect((await read('A'.repeat(43))).status).toBe(401);
    const response = await read(await tokenOf(finance));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(trialBalance);
  });

  it('binds the challenge to this log, the key, and a time that is not long', async () => {
    const body = await challengeOf(finance.keyId);
    expect(body).toMatchObject({ v: 1, log: ORIGIN, key: finance.keyId, expires: '2026-11-02T00:02:00.000Z' });
  });

  it('takes a challenge once, also after a signature that failed', async () => {
    const used = await challengeOf(finance.keyId);
    expect((await open(used, finance)).status).toBe(200);
    expect(await codeOf(await open(used, finance))).toBe('challenge_invalid');

    const spoilt = await challengeOf(finance.keyId);
    const forged = signSession(spoilt, finance);
    forged[forged.indexOf('"sig":"'.charCodeAt(0))] = 0x20;
    expect((await open({ ...spoilt, expires: '2027-01-01T00:00:00Z' }, finance)).status).toBe(401);
    expect(await codeOf(await open(spoilt, finance))).toBe('challenge_invalid');
  });

  it('takes no challenge that it did not give, of another log, or signed by another key', async () => {
    const body = await challengeOf(finance.keyId);
    expect((await open({ ...body, nonce: 'A'.repeat(43) }, finance)).status).toBe(401);
    expect((await open({ ...body, log: 'ledger.example/other' }, finance)).status).toBe(401);
    const other = await api.enroll('finance', 'fin-2');
    expect((await open({ ...(await challengeOf(finance.keyId)), key: other.keyId }, other)).status).toBe(401);
  });

  it('tells a stranger no more than that he is not let in', async () => {
    const stranger = newSigner();
    expect(await codeOf(await open(await challengeOf(stranger.keyId), stranger))).toBe('challenge_invalid');
  });

  it('ends a challenge after two minutes and a session after fifteen', async () => {
    const late = await challengeOf(finance.keyId);
    now += 120_000;
    expect((await open(late, finance)).status).toBe(401);
    const token = await tokenOf(finance);
    now += 15 * 60_000 - 1;
    expect((await read(token)).status).toBe(200);
    now += 1;
    expect((await read(token)).status).toBe(401);
  });

  it('ends a session at once when its key is revoked', async () => {
    const leaving = await api.enroll('finance', 'fin-3');
    const token = await tokenOf(leaving);
    expect((await read(token)).status).toBe(200);
    await api.post(api.sign('RevokeKey', { key: leaving.keyId, reason: 'left' }, [api.roots[0]]));
    expect(await codeOf(await read(token))).toBe('session_required');
  });

  it('gives no session to a key that waits for approval', async () => {
    const proposed = newSigner();
    const data = {
      publicKey: Buffer.from(proposed.publicKey).toString('base64'),
      role: 'finance',
      officer: 'fin-4',
    };
    expect((await api.post(api.sign('EnrollKey', data, [api.roots[0]]))).status).toBe(200);
    expect((await open(await challengeOf(proposed.keyId), proposed)).status).toBe(401);
  });

  it('lets a role see only what is declared for it', async () => {
    const worker = await api.enroll('worker', 'worker-1');
    const response = await read(await tokenOf(worker));
    expect(response.status).toBe(403);
    expect(await codeOf(response)).toBe('reader_role_not_allowed');
  });

  it.each([
    ['no key', {}],
    ['a key that is none', { key: 'abc' }],
    ['more than the key', { key: 'a'.repeat(64), role: 'finance' }],
  ])('asks for a well-formed request: %s', async (_name, body) => {
    const response = await postJson(`${api.url}/sessions/challenges`, JSON.stringify(body));
    expect(response.status).toBe(400);
    expect(await codeOf(response)).toBe('malformed');
  });
});

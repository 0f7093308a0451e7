import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { base64Encode, encodeCommandEnvelope, type SignedCommand, type Signer } from '@aidtrail/envelope';
import type { ProblemDocument } from '@aidtrail/nest';
import { newSigner, ORIGIN, postJson, startMemoryApi, type MemoryApi } from '../testing/memory-api.js';

describe('POST /commands', () => {
  let api: MemoryApi;
  let root: Signer;
  beforeAll(async () => {
    api = await startMemoryApi();
    [root] = api.roots;
  });
  afterAll(() => api.close());

  const enrolment = (signer: Signer = newSigner(), by: Signer = root, more: object = {}): SignedCommand =>
    api.sign('EnrollKey', { publicKey: base64Encode(signer.publicKey), role: 'service' }, [by], more);
  const problemOf = async (response: Response): Promise<ProblemDocument> => {
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    const problem = (await response.json()) as ProblemDocument;
    expect(problem).toMatchObject({ status: response.status, type: `/problems/${problem.code}`, title: problem.en });
    expect(problem.zh).toMatch(/\p{Script=Han}/u);
    return problem;
  };
  const rejection = async (response: Response, expected: { status: number; code: string }) => {
    const headBefore = await api.store.head();
    const problem = await problemOf(response);
    expect(problem).toMatchObject({ ...expected, final: false });
    expect(problem).not.toHaveProperty('answer');
    expect(await api.store.head()).toBe(headBefore);
    return problem;
  };

  it('answers an accepted command with the stored answer, byte for byte', async () => {
    const command = enrolment();
    const response = await api.post(command);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('aidtrail-repeated')).toBeNull();
    const stored = await api.store.outcomeOf(command.body.id);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from(stored?.answer as Uint8Array));
  });

  it('answers the same bytes again with the same answer and says that it is a repetition', async () => {
    const command = enrolment();
    const first = await (await api.post(command)).text();
    const head = await api.store.head();
    const again = await api.post(command);
    expect(again.headers.get('aidtrail-repeated')).toBe('true');
    expect(await again.text()).toBe(first);
    expect(await api.store.head()).toBe(head);
    expect(await (await fetch(`${api.url}/commands/${command.body.id}`)).text()).toBe(first);
  });

  it('does not take other bytes under an id that was answered', async () => {
    const command = enrolment();
    await api.post(command);
    const other = enrolment(newSigner(), root, { id: command.body.id });
    await rejection(await api.post(other), { status: 409, code: 'command_id_reused' });
  });

  it('answers a refusal with its signed answer inside the problem, final for that id', async () => {
    const command = enrolment(root);
    const problem = await problemOf(await api.post(command));
    expect(problem).toMatchObject({ status: 409, code: 'key_already_enrolled', final: true });
    const stored = await api.store.outcomeOf(command.body.id);
    expect(problem['answer']).toEqual(JSON.parse(Buffer.from(stored?.answer as Uint8Array).toString()));
    expect(await (await api.post(command)).json()).toEqual(problem);
  });

  it('refuses a command of a key that was revoked', async () => {
    const programme = await api.enroll('programme', 'prog-1');
    expect((await api.post(enrolment(newSigner(), programme, {}))).status).toBe(403);
    await api.post(api.sign('RevokeKey', { key: programme.keyId, reason: 'lost' }, [root]));
    const problem = await problemOf(await api.post(enrolment(newSigner(), programme)));
    expect(problem).toMatchObject({ status: 403, code: 'key_revoked', final: true });
  });

  it('rejects a key that nobody enrolled, and records nothing', async () => {
    await rejection(await api.post(enrolment(newSigner(), newSigner())), { status: 401, code: 'key_unknown' });
  });

  it('rejects a signature that does not verify, and leaves the id unused', async () => {
    const command = enrolment();
    const [signature] = command.sigs;
    const flipped = Buffer.from(signature?.sig as string, 'base64');
    flipped[0] = (flipped[0] as number) ^ 1;
    const forged = { ...command, sigs: [{ key: signature?.key as string, sig: flipped.toString('base64') }] };
    await rejection(await api.post(forged), { status: 401, code: 'signature_invalid' });
    expect((await api.post(command)).status).toBe(200);
  });

  it('rejects a command for another log', async () => {
    const command = enrolment(newSigner(), root, { log: 'ledger.example/other' });
    await rejection(await api.post(command), { status: 400, code: 'wrong_log' });
  });

  it('rejects fields that are not in the schema without repeating them', async () => {
    const command = api.sign('EnrollKey', { publicKey: 'x', role: 'wizard-430102199001010011' }, [root]);
    const problem = await rejection(await api.post(command), { status: 400, code: 'schema' });
    expect(JSON.stringify(problem)).not.toContain('430102199001010011');
  });

  it('refuses an anchor that no checkpoint is, and one that is older than the day before', async () => {
    const unknown = enrolment(newSigner(), root, { anchor: { size: 1, root: base64Encode(new Uint8Array(32)) } });
    expect(await problemOf(await api.post(unknown))).toMatchObject({ code: 'anchor_unknown', final: true });

    const service = await api.enroll('service');
    for (const day of ['2026-11-02', '2026-11-03']) {
      expect((await api.post(api.sign('StartDay', { day }, [service]))).status).toBe(200);
    }
    // Anchored at size 0, as all before: fresh until two days have started, stale from then on.
    const stale = await problemOf(await api.post(enrolment()));
    expect(stale).toMatchObject({ status: 409, code: 'anchor_stale', final: true });
    const checkpoint = await api.system.ledger.checkpoint({ force: true });
    const anchor = { size: checkpoint?.size, root: checkpoint?.root };
    expect((await api.post(enrolment(newSigner(), root, { anchor }))).status).toBe(200);
  });

  describe('a body that is no command', () => {
    const send = (body: string, contentType = 'application/json') =>
      postJson(`${api.url}/commands`, body, { 'content-type': contentType });
    const valid = () => JSON.stringify(encodeCommandEnvelope(enrolment()));

    it.each([
      ['nothing', () => ''],
      ['broken JSON', () => valid().slice(0, -1)],
      ['a list', () => `[${valid()}]`],
      ['a name twice', () => valid().replace('{', '{"payloadType":"x",')],
      ['an unknown member', () => valid().replace('{', '{"extra":1,')],
      ['a fraction', () => valid().replace('{', '{"extra":1.5,')],
      ['a payload that is not canonical', () => JSON.stringify({ ...JSON.parse(valid()), payload: 'eyB9' })],
      ['half a surrogate pair', () => valid().replace('{', '{"extra":"\\ud800",')],
    ])('is answered with 400: %s', async (_name, body) => {
      await rejection(await send(body()), { status: 400, code: 'malformed' });
    });

    it('is answered with 413 when it is larger than any command', async () => {
      const huge = JSON.stringify({ payload: 'A'.repeat(200_000) });
      await rejection(await send(huge), { status: 413, code: 'body_too_large' });
    });

    it('is answered with 415 when its content type says something else', async () => {
      await rejection(await send(valid(), 'text/plain'), { status: 415, code: 'content_type_unsupported' });
      await rejection(await send(valid(), 'application/xml'), { status: 415, code: 'content_type_unsupported' });
    });
  });

  it('counts commands by type and outcome, and a sender cannot invent a label', async () => {
    const fresh = api.metrics;
    fresh.observer.commandAnswered?.('Robert; DROP TABLE', 'rejected', 'unknown_command');
    const { body } = await fresh.text();
    expect(body).toContain('aidtrail_commands_total{type="unknown",outcome="rejected",code="unknown_command"} 1');
    expect(body).not.toContain('Robert');
  });

  it('knows nothing of an id that was never handed in', async () => {
    for (const id of ['3f2b0c1e-6f0a-4a53-8d6e-0c9d1f1f0a11', 'nonsense']) {
      expect(await problemOf(await fetch(`${api.url}/commands/${id}`))).toMatchObject({ status: 404 });
    }
  });

  it('tells everybody the terms of the ledger', async () => {
    const terms = (await (await fetch(`${api.url}/ledger`)).json()) as { roots: unknown[] };
    expect(terms).toMatchObject({ origin: ORIGIN, currency: 'CNY', k: 10, demo: false, slotMilliseconds: 1_000 });
    expect(terms.roots).toHaveLength(2);
  });
});

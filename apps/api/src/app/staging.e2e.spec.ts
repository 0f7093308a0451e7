import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AidtrailClient, Refused } from '@aidtrail/client';
import { readKeyFileOrThrow, sodiumSigner } from '@aidtrail/crypto-node';
import { base64Encode, type Signer } from '@aidtrail/envelope';
import { initialise, loadConfigOrThrow, type Config } from '@aidtrail/nest';
import { testDatabase, type TestDatabase } from '@aidtrail/testing';
import { startApi, type RunningApi } from './start-api.js';

const ROSTER = [
  '姓名,身份证号,类别,社区',
  '王小明,11010519491231002X,老人,东村',
  '李四,440524198001010013,儿童,西村',
].join('\n');

describe('from gifts and rosters to vouchers and figures, over HTTP and PostgreSQL', () => {
  let directory: string;
  let database: TestDatabase;
  let api: RunningApi;
  let config: Config;
  let client: AidtrailClient;
  let roots: Signer[];
  const people = new Map<string, Signer>();
  const [programme, campaign, fund, administration] = Array.from({ length: 4 }, () => randomUUID());
  const signerOf = (officer: string): Signer => people.get(officer) as Signer;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'api-'));
    database = await testDatabase();
    const settings = { dataDirectory: directory, databaseUrl: database.connectionString, port: 0, logLevel: 'silent' };
    config = loadConfigOrThrow({ ...settings, slotMilliseconds: 200 } as never, {});
    const opened = await initialise(config, {
      origin: 'ledger.example/e2e',
      roots: [],
      utcOffsetMinutes: 480,
      k: 10,
      now: Date.UTC(2026, 10, 1),
    });
    const files = 'rootKeyFiles' in opened ? opened.rootKeyFiles : [];
    roots = await Promise.all(files.map(async (file) => sodiumSigner(await readKeyFileOrThrow(file, 'ed25519-seed'))));
    api = await startApi(config);
    client = new AidtrailClient({ baseUrl: api.url, randomBytes, randomUuid: randomUUID });
    const cast = ['programme', 'finance', 'registrar', 'worker', 'channel', 'till'] as const;
    for (const role of cast) await enroll(role, role === 'channel' || role === 'till' ? undefined : `${role}-1`);
    await openProgramme();
  });
  afterAll(async () => {
    await api.close();
    await database.drop();
    await rm(directory, { recursive: true });
  });

  async function enroll(role: string, officer?: string): Promise<void> {
    const signer = sodiumSigner(randomBytes(32));
    const data = { publicKey: base64Encode(signer.publicKey), role, ...(officer === undefined ? {} : { officer }) };
    const privateFields =
      role === 'till' ? { organisation: randomUUID(), store: randomUUID() } : { campaigns: [campaign] };
    const wanted = role === 'till' || role === 'worker' ? { privateFields: privateFields as never } : {};
    await client.submit({ type: 'EnrollKey', data, ...wanted }, [roots[0] as Signer]);
    await client.submit({ type: 'ApproveKey', data: { key: signer.keyId } }, [roots[1] as Signer]);
    people.set(officer ?? role, signer);
  }

  async function openProgramme(): Promise<void> {
    const tiers = [{ approvals: 1 }];
    const submit = (type: string, data: object, officer: string) =>
      client.submit({ type, data: data as never }, [signerOf(officer)]);
    await submit('OpenProgramme', { programme, name: 'Relief', approvalTiers: tiers }, 'programme-1');
    const rules = [{ category: 'rice', verdict: 'allow' }, { category: 'tobacco', verdict: 'deny' }]; // prettier-ignore
    await submit('PublishGoodsPolicy', { programme, rules, unknown: 'deny' }, 'programme-1');
    const money = { currency: 'CNY', feeBasisPoints: 0 };
    await submit('OpenFund', { fund: administration, kind: 'administration', name: 'Office', ...money }, 'finance-1');
    const earmarked = {
      fund,
      kind: 'campaign',
      name: 'Flood',
      programme,
      administrationFund: administration,
      ...money,
    };
    await submit('OpenFund', earmarked, 'finance-1');
    const terms = {
      firstDay: '2026-11-01',
      lastDay: '2026-12-31',
      fundingMode: 'merchant-funded',
      assistedAllowed: true,
    };
    const of = { phase: 'recovery', hazard: 'flood', region: '430100', purpose: 'food', name: 'Flood' };
    const limit = { largestRedemptionMinor: 5_000 };
    await submit('OpenCampaign', { campaign, programme, fund, ...of, terms: { ...terms, ...limit } }, 'programme-1');
  }

  const problemOf = async (work: Promise<unknown>): Promise<Record<string, unknown>> => {
    const fault = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(fault).toBeInstanceOf(Refused);
    return (fault as Refused).problem as unknown as Record<string, unknown>;
  };

  it('takes gifts from a channel, records them, and opens a trace to whoever has the code', async () => {
    const intake = randomUUID();
    const rows = [
      { paymentReference: 'pay-1', amountMinor: 10_000, displayName: '爱心人', namedConsent: true },
      { paymentReference: 'pay-2', amountMinor: 100, contact: '13800138000' },
    ];
    const body = rows.map((row) => JSON.stringify(row)).join('\n');
    const path = `/intakes?intake=${intake}&fund=${fund}&channel=bank`;
    const channel = signerOf('channel');
    const staged = (await client.post(path, body, channel, 'application/x-ndjson')) as Record<string, unknown>;
    expect(staged).toEqual({ intake, count: 2, totalMinor: 10_100, rowsRoot: expect.any(String) });
    expect(await client.post(path, body, channel, 'application/x-ndjson')).toEqual(staged);
    const other = `/intakes?intake=${randomUUID()}&fund=${fund}&channel=bank`;
    expect(await problemOf(client.post(other, body, channel, 'application/x-ndjson'))).toMatchObject({
      status: 409,
      code: 'duplicate_payment_reference',
      lines: [1, 2],
    });

    const data = { fund, count: 2, totalMinor: 10_100, rowsRoot: staged['rowsRoot'] as string };
    const command = { type: 'RecordIntake', id: intake, data: data as never, privateFields: { channel: 'bank' } };
    await client.submit(command, [channel]);
    await atRest();
    const token = await client.session(channel);
    const codes = await fetch(`${api.url}/intakes/${intake}/trace-codes`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const lines = (await codes.text()).trim().split('\n').map((line) => JSON.parse(line) as { traceCode: string }); // prettier-ignore
    expect(lines).toMatchObject([{ number: 0 }, { number: 1 }]);
    const traceOf = (traceCode: string | undefined) =>
      fetch(`${api.url}/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ traceCode }),
      });
    const trace = await traceOf(lines[1]?.traceCode);
    expect(trace.headers.get('cache-control')).toBe('no-store');
    expect(await trace.json()).toMatchObject({ grossMinor: 100, number: 1, totals: { freeMinor: 100 } });
    expect((await traceOf('AAAA-BBBB-CCCC')).status).toBe(404);
    expect(await client.get(`/funds/${fund}`, signerOf('finance-1'))).toMatchObject({
      freeMinor: 10_100,
      grossIntakeMinor: 10_100,
    });
    expect(await client.get('/trial-balance', signerOf('finance-1'))).toMatchObject({ sumMinor: 0 });
  });

  it.each([
    ['a float', '{"paymentReference":"p","amountMinor":1.5}', 'malformed'],
    ['scientific notation', '{"paymentReference":"p","amountMinor":1e3}', 'malformed'],
    ['a member that is not in the format', '{"paymentReference":"p","amountMinor":1,"idNumber":"x"}', 'malformed'],
    ['an amount of zero', '{"paymentReference":"p","amountMinor":0}', 'rows_malformed'],
  ])('refuses a gift with %s and stores nothing', async (_name, row, code) => {
    const intake = randomUUID();
    const body = `{"paymentReference":"ok-${intake}","amountMinor":1}\n${row}\n`;
    const path = `/intakes?intake=${intake}&fund=${fund}&channel=bank`;
    const problem = await problemOf(client.post(path, body, signerOf('channel'), 'application/x-ndjson'));
    expect(problem).toMatchObject({ code });
    const token = await client.session(signerOf('channel'));
    const codes = await fetch(`${api.url}/intakes/${intake}/trace-codes`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(codes.status).toBe(404);
  });

  it('refuses a roster with problems by line, imports it once it is clean, and issues a batch of it', async () => {
    const path = `/rosters?programme=${programme}&campaign=${campaign}`;
    const registrar = signerOf('registrar-1');
    const bad = `${ROSTER}\n赵六,440524198001010014,儿童,西村`;
    const problem = await problemOf(client.post(path, Buffer.from(bad), registrar, 'text/csv'));
    expect(problem).toMatchObject({ status: 422, code: 'roster_has_problems' });
    expect(problem['problems']).toMatchObject([{ line: 4, code: 'id_check_digit', sentenceZh: expect.any(String) }]);
    expect(JSON.stringify(problem)).not.toMatch(/赵六|440524198001010014/);

    const dry = `${path}&dryRun=true&faceMinor=5000`;
    const looked = await client.post(dry, Buffer.from(ROSTER), registrar, 'text/csv');
    expect(looked).toMatchObject({ status: 'dry_run', totalMinor: 10_000, summary: { newPeople: 2 } });
    const excluded = `${path}&exclude=4`;
    const imported = (await client.post(excluded, Buffer.from(bad), registrar, 'text/csv')) as Record<string, string>;
    expect(imported).toMatchObject({ status: 'imported', summary: { acceptableCount: 2 } });
    expect(await problemOf(client.post(path, Buffer.from(bad), registrar, 'text/csv'))).toMatchObject({
      status: 409,
      code: 'roster_already_imported',
    });

    const [batch, partner] = [randomUUID(), randomUUID()];
    const batches = `/rosters/${imported['rosterId']}/batches`;
    const prepared = (await client.post(batches, { batch, campaign, partner }, registrar)) as Record<string, unknown>;
    expect(prepared).toMatchObject({ batch, count: 2, communities: expect.any(Array) });
    const terms = {
      batch,
      campaign,
      fund,
      count: 2,
      faceMinor: 5_000,
      totalMinor: 10_000,
      rosterRoot: prepared['rosterRoot'],
    };
    const privateFields = { partner, communities: prepared['communities'] } as never;
    await client.submit({ type: 'DraftBatch', data: terms as never, privateFields }, [registrar]);
    await client.submit({ type: 'ApproveBatch', data: terms as never }, [signerOf('programme-1')]);
    await atRest();
    expect(await client.get(`/batches/${batch}`, registrar)).toMatchObject({ issuedCount: 2, unclaimedMinor: 10_000 });
    expect(await client.get(`/campaigns/${campaign}/days`, signerOf('programme-1'))).toMatchObject({ issuedCount: 2 });
    // The public sees terms; figures come by rule, at the pace of the slots.
    const shown = await client.get(`/campaigns/${campaign}`);
    expect(shown).toMatchObject({ campaign, fund });
    expect(shown).not.toHaveProperty('issuedCount');
    await slipsOf(batch);
  });

  /** Part of the journey above: who may see the slips, and that the read is recorded. */
  async function slipsOf(batch: string): Promise<void> {
    const worker = signerOf('worker-1');
    const path = `/batches/${batch}/slips?limit=10`;
    const page = (await client.get(`${path}&purpose=distribution`, worker)) as { slips: Record<string, string>[] };
    expect(page.slips).toHaveLength(2);
    expect(page.slips.map(({ name }) => name).sort()).toEqual(['李四', '王小明']);
    expect(page.slips[0]?.['maskedIdNumber']).toMatch(/^\*{14}/);
    expect(await client.get(`/vouchers/${page.slips[0]?.['voucherId']}`, worker)).toMatchObject({ status: 'issued' });
    expect(await problemOf(client.get(`${path}&purpose=curiosity`, worker))).toMatchObject({ status: 400 });
    expect(await problemOf(client.get(`${path}&purpose=distribution`, signerOf('finance-1')))).toMatchObject({
      code: 'reader_role_not_allowed',
    });
    const registry = api.system.people;
    const person = await registry.findPerson(
      programme as string,
      { idType: 'resident_id', idNumber: '11010519491231002X' } as never,
    );
    const reads = await registry.readsOf(person as string);
    expect(reads).toMatchObject([{ purpose: 'distribution', readerKeyId: worker.keyId }]);

    const registrar = signerOf('registrar-1');
    const seen = await client.post(`/people/${person}/reads`, { purpose: 'complaint', case: 'CASE-2026-1' }, registrar);
    expect(seen).toMatchObject({ name: '王小明' });
    expect(await registry.readsOf(person as string)).toHaveLength(2);
    expect(await client.post(`/people/${person}/erasure`, { reason: 'subject_request' }, registrar)).toEqual({
      status: 'erased',
    });
    const gone = problemOf(client.post(`/people/${person}/reads`, { purpose: 'complaint' }, registrar));
    expect(await gone).toMatchObject({ status: 410, code: 'gone' });
    expect(await registry.leftovers(10)).toEqual({ vouchers: [], donations: [] });
  }

  it('blanks at the next start what an erasure left in the read models when the process died after it', async () => {
    const identity = { idType: 'resident_id', idNumber: '440524198001010013' } as never;
    const person = await api.system.people.findPerson(programme as string, identity);
    await api.system.people.erasePerson(person as string, { reason: 'legal_order', by: 'registrar-1' });
    expect((await api.system.people.leftovers(10)).vouchers).toHaveLength(1);
    await api.close();
    api = await startApi(config);
    client = new AidtrailClient({ baseUrl: api.url, randomBytes, randomUuid: randomUUID });
    while ((await api.system.people.leftovers(1)).vouchers.length > 0) await new Promise((r) => setTimeout(r, 20));
    const live = await api.system.projector.tablesDigest();
    await api.system.projector.rebuild();
    expect(await api.system.projector.tablesDigest()).toBe(live);
  });

  it('keeps a worker to the campaigns of his key', async () => {
    const problem = await problemOf(
      client.get(`/batches/${randomUUID()}/slips?purpose=distribution`, signerOf('worker-1')),
    );
    expect(problem).toMatchObject({ status: 403, code: 'reader_out_of_scope' });
  });

  it('tells a till what a voucher would pay for, and nothing of other merchants', async () => {
    const basket = [
      { category: 'rice', quantity: 2, amountMinor: 4_000 },
      { category: 'tobacco', quantity: 1, amountMinor: 2_000 },
      { category: 'rice', quantity: 1, amountMinor: 3_000 },
    ];
    const till = signerOf('till');
    expect(await client.post('/redemptions/quote', { campaign, basket }, till)).toEqual({
      policyVersion: 1,
      lines: [
        { line: 0, verdict: 'allowed', rule: 'rice' },
        { line: 1, verdict: 'denied', rule: 'tobacco' },
        { line: 2, verdict: 'allowed', rule: 'rice' },
      ],
      totalMinor: 9_000,
      allowedMinor: 7_000,
      payableMinor: 5_000,
    });
    expect(await problemOf(client.get(`/merchants/${randomUUID()}`, till))).toMatchObject({
      code: 'reader_out_of_scope',
    });
  });

  it('publishes the leaves, and no disclosure with them', async () => {
    await api.system.ledger.checkpoint({ force: true });
    const lines = (await (await fetch(`${api.url}/events?from=0&limit=10000`)).text()).trim().split('\n');
    const leaves = lines.map((line) => JSON.parse(line) as { position: number; leaf: string });
    expect(leaves.map(({ position }) => position)).toEqual(leaves.map((_, i) => i));
    const text = leaves.map(({ leaf }) => Buffer.from(leaf, 'base64').toString()).join('\n');
    const types = text.split('\n').map((leaf) => (JSON.parse(leaf) as { type: string }).type);
    expect(types.filter((type) => type === 'VoucherIssued')).toHaveLength(2);
    const leaked = ['王小明', '李四', '13800138000', 'pay-2', '东村'].filter((value) => text.includes(value));
    expect(leaked).toEqual([]);
    const witnessed = 'accepted, no witnesses asked';
    expect(await (await fetch(`${api.url}/events/0`)).json()).toEqual({ ...leaves[0], witnessed });
    expect((await fetch(`${api.url}/events/${leaves.length + 5}`)).status).toBe(404);
    expect((await fetch(`${api.url}/events?limit=0`)).status).toBe(400);
    expect((await fetch(`${api.url}/events?colour=red`)).status).toBe(400);
  });

  async function atRest(): Promise<void> {
    for (;;) {
      const { ledger, projector, store } = api.system;
      const done = await Promise.all([ledger.policyPosition(), projector.position()]);
      const head = await store.head();
      if (done.every((position) => position === head)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
});

import { testDatabase, type TestDatabase } from '@aidtrail/testing';
import { base64DecodeOrThrow, base64Encode } from '@aidtrail/envelope';
import { createTreeHasher, rootOf } from '@aidtrail/public-log';
import { sha256 } from '../crypto/sealing.js';
import { openTestRegister, type TestRegister } from '../registry.examples.js';
import { createDonorRegister, type DonorRegister } from './donor-register.js';
import type { IntakeRowInput } from './intake-row.js';
import { deriveDonationId, type StageIntakeRequest } from './stage-intake.js';

const ledgerSecret = new Uint8Array(32).fill(5);
const intakeId = '1c0d2e3f-4a5b-4c6d-8e7f-9a0b1c2d3e01';
const secondIntakeId = '1c0d2e3f-4a5b-4c6d-8e7f-9a0b1c2d3e02';
const stagedBy = 'a'.repeat(64);
const fundId = '2d1e3f40-5b6c-4d7e-9f80-ab1c2d3e4f02';

async function* stream(rows: Iterable<IntakeRowInput>): AsyncIterable<IntakeRowInput> {
  for (const row of rows) yield await Promise.resolve(row);
}

const gifts = (count: number, first = 0): IntakeRowInput[] =>
  Array.from({ length: count }, (_, n) => ({ paymentReference: `WX-${first + n}`, amountMinor: 100 + n }));

const named: IntakeRowInput = {
  paymentReference: 'WX-named',
  amountMinor: 5000,
  displayName: '石小禾',
  namedConsent: true,
  contact: '13800000011',
};

describe('the register of donors', () => {
  let database: TestDatabase;
  let register: TestRegister;
  let donors: DonorRegister;
  beforeEach(async () => {
    database = await testDatabase();
    register = await openTestRegister(database.connectionString);
    donors = await createDonorRegister({ ...register.options('donors'), ledgerSecret });
  });
  afterEach(async () => {
    await register.end();
    await database.drop();
  });

  const stage = (rows: Iterable<IntakeRowInput>, change: Partial<StageIntakeRequest> = {}) =>
    donors.stageIntake({ intakeId, fundId, channel: 'wechat', stagedBy, rows: stream(rows), ...change });
  const codeOf = async (donationId: string) =>
    (await donors.traceCodes(intakeId, 0, 100)).find((row) => row.donationId === donationId)?.traceCode ?? '';
  const storedDonations = async () => {
    const { rows } = await register.pool.query<{ count: number }>(
      'select count(*)::int as count from registry.donations',
    );
    return rows[0]?.count;
  };

  it('stages an intake: ids from the payment references, and a root over all commitments', async () => {
    const staged = await stage([...gifts(4500), named]);
    const plan = await donors.intakePlan(intakeId, 0, 10_000);
    expect(plan).toHaveLength(4501);
    const hasher = createTreeHasher(sha256);
    const leaves = plan.map(({ commitment }) => hasher.leafHash(base64DecodeOrThrow(commitment)));
    expect(staged).toEqual({
      status: 'staged',
      intakeId,
      count: 4501,
      totalMinor: (4500 * (100 + 4599)) / 2 + 5000,
      rowsRoot: base64Encode(rootOf(leaves, hasher)),
    });
    expect(plan[17]).toMatchObject({
      number: 17,
      donationId: deriveDonationId(ledgerSecret, 'wechat', 'WX-17'),
      amountMinor: 117,
      namedConsent: false,
      channel: 'wechat',
      paymentReference: 'WX-17',
    });
    expect(plan[4500]).toMatchObject({ namedConsent: true, displayName: '石小禾', paymentReference: 'WX-named' });
    expect(JSON.stringify(plan)).not.toContain('13800000011');
    expect(await donors.stagedIntake(intakeId)).toEqual({ ...staged, status: undefined });
    expect(await donors.intakePlan(intakeId, 4499, 10)).toEqual(plan.slice(4499));
    expect(await donors.stagedIntake(secondIntakeId)).toBeUndefined();
  });

  it('gives the same result when the same intake is staged again, and refuses another content', async () => {
    const first = await stage(gifts(10));
    expect(await stage(gifts(10))).toEqual(first);
    expect(await stage(gifts(11))).toEqual({ status: 'refused', code: 'intake_differs' });
    expect(await storedDonations()).toBe(10);
  });

  it('refuses payments that came before, by line, and keeps nothing', async () => {
    await stage(gifts(5));
    const rows = [...gifts(3, 100), ...gifts(2, 3), ...gifts(1, 100)];
    expect(await stage(rows, { intakeId: secondIntakeId })).toEqual({
      status: 'refused',
      code: 'duplicate_payment_reference',
      lines: [4, 5, 6],
    });
    expect(await storedDonations()).toBe(5);
    expect(await stage(gifts(3, 3), { intakeId: secondIntakeId, channel: 'bank' })).toMatchObject({ status: 'staged' });
  });

  it('lets one of two overlapping intakes through, without deadlock', async () => {
    const other = await createDonorRegister({ ...register.options('other'), ledgerSecret });
    const forwards = gifts(3000);
    const backwards = [...forwards].reverse();
    const results = await Promise.all([
      stage(forwards),
      other.stageIntake({ intakeId: secondIntakeId, fundId, channel: 'wechat', stagedBy, rows: stream(backwards) }),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['refused', 'staged']);
    const refused = results.find(({ status }) => status === 'refused');
    expect(refused).toMatchObject({ code: 'duplicate_payment_reference', lines: { length: 3000 } });
    expect(await storedDonations()).toBe(3000);
  });

  it('refuses the same file under another intake', async () => {
    const fileDigest = base64Encode(sha256(Uint8Array.of(1)));
    await stage(gifts(2), { fileDigest });
    expect(await stage(gifts(2, 50), { fileDigest, intakeId: secondIntakeId })).toEqual({
      status: 'refused',
      code: 'file_already_staged',
      intakeId,
    });
  });

  it('refuses an intake with bad rows and names each line and fault', async () => {
    const rows: IntakeRowInput[] = [
      ...gifts(2),
      { paymentReference: 'WX-7', amountMinor: '1E2' },
      { paymentReference: 'WX-8', amountMinor: 1.5, line: 77 },
      { paymentReference: '', amountMinor: 1 },
    ];
    expect(await stage(rows)).toEqual({
      status: 'refused',
      code: 'rows_malformed',
      faults: [
        { line: 3, code: 'amount_scientific' },
        { line: 77, code: 'amount_decimal' },
        { line: 5, code: 'payment_reference_malformed' },
      ],
    });
    expect(await stage([])).toEqual({ status: 'refused', code: 'intake_empty' });
    const huge = gifts(2).map((row) => ({ ...row, amountMinor: Number.MAX_SAFE_INTEGER }));
    expect(await stage(huge)).toEqual({ status: 'refused', code: 'total_too_large' });
    expect(await storedDonations()).toBe(0);
  });

  it('passes on a fault of the source and keeps nothing', async () => {
    async function* broken(): AsyncIterable<IntakeRowInput> {
      yield* stream(gifts(2500));
      throw new Error('the file ended too early');
    }
    const staging = donors.stageIntake({ intakeId, fundId, channel: 'wechat', stagedBy, rows: broken() });
    await expect(staging).rejects.toThrow('ended too early');
    expect(await storedDonations()).toBe(0);
    expect(await stage(gifts(2500))).toMatchObject({ status: 'staged' });
  });

  it('forgets a discarded intake, so that its payments can come again', async () => {
    await stage(gifts(3));
    expect(await donors.discardIntake(intakeId)).toBe(true);
    expect(await donors.discardIntake(intakeId)).toBe(false);
    expect(await stage(gifts(3), { intakeId: secondIntakeId })).toMatchObject({ status: 'staged' });
  });

  it('finds a donation by its trace code, however it is typed', async () => {
    await stage(gifts(3));
    const donationId = deriveDonationId(ledgerSecret, 'wechat', 'WX-1');
    const code = await codeOf(donationId);
    expect(code).toMatch(/^[0-7][0-9A-Z]{4}(-[0-9A-Z]{5}){3}-[0-9A-Z]{6}$/);
    const found = { status: 'found', donationId, intakeId, number: 1 };
    expect(await donors.donationByTraceCode(code)).toEqual(found);
    expect(await donors.donationByTraceCode(` ${code.toLowerCase().replaceAll('0', 'o')} `)).toEqual(found);
    expect(await donors.donationByTraceCode('00000-00000-00000-00000-000000')).toEqual({ status: 'not_found' });
    expect(await donors.donationByTraceCode('13800000011')).toEqual({ status: 'malformed' });
  });

  it('hands out a page of trace codes with one query, and none of another intake', async () => {
    await stage(gifts(30));
    await stage(gifts(5, 100), { intakeId: secondIntakeId });
    let queries = 0;
    register.pool.on('acquire', () => (queries += 1));
    const page = await donors.traceCodes(intakeId, 10, 15);
    expect(queries).toBeLessThanOrEqual(1);
    expect(page.map(({ number }) => number)).toEqual(Array.from({ length: 15 }, (_, i) => 10 + i));
    for (const { number, donationId, traceCode } of page) {
      expect(donationId).toBe(deriveDonationId(ledgerSecret, 'wechat', `WX-${number}`));
      expect(await donors.donationByTraceCode(traceCode ?? '')).toMatchObject({ intakeId, number });
    }
    expect(await donors.traceCodes(intakeId, 28, 15)).toHaveLength(2);
    expect(await donors.traceCodes('none', 0, 15)).toEqual([]);
  });

  it('knows whose an intake is: the first key that staged it', async () => {
    await stage(gifts(2));
    await stage(gifts(2), { stagedBy: 'b'.repeat(64) });
    expect(await donors.intakeOwner(intakeId)).toEqual({ fundId, stagedBy });
    expect(await donors.intakeOwner(secondIntakeId)).toBeUndefined();
    await register.pool.query('update registry.intakes set staged_by = null');
    expect(await donors.intakeOwner(intakeId)).toEqual({ fundId });
  });

  it('stores nothing readable of donor or payment', async () => {
    await stage([named]);
    const donationId = deriveDonationId(ledgerSecret, 'wechat', named.paymentReference);
    const code = await codeOf(donationId);
    const { rows } = await register.pool.query<Record<string, unknown>>('select * from registry.donations');
    const text = Object.values(rows[0] ?? {})
      .map((value) => (Buffer.isBuffer(value) ? value.toString('utf8') : String(value)))
      .join(' ');
    for (const secret of ['石小禾', '13800000011', 'WX-named', code]) expect(text).not.toContain(secret);
  });

  it('hands out the key of each donation, the one that the plan gave', async () => {
    await stage(gifts(70));
    const plan = await donors.intakePlan(intakeId, 0, 100);
    const keys = await donors.sealKeysOf([...plan.map(({ donationId }) => donationId), 'none', intakeId]);
    expect(keys.size).toBe(70);
    for (const { donationId, sealKey } of plan) expect(keys.get(donationId)).toEqual(sealKey);
  });

  describe('erasure', () => {
    const donationId = deriveDonationId(ledgerSecret, 'wechat', named.paymentReference);
    const order = { extent: 'contact', reason: 'subject_request' } as const;

    it('of the contact takes name and contact, and leaves what the books need', async () => {
      const staged = await stage([named, ...gifts(2)]);
      expect(await donors.eraseDonation(donationId, order)).toEqual({ status: 'erased' });
      expect(await donors.eraseDonation(donationId, order)).toEqual({ status: 'already_erased' });
      const [row] = await donors.intakePlan(intakeId, 0, 1);
      expect(row).toMatchObject({ namedConsent: false, paymentReference: 'WX-named', amountMinor: 5000 });
      expect(row).not.toHaveProperty('displayName');
      expect((await donors.sealKeysOf([donationId])).get(donationId)).toEqual(row?.sealKey);
      expect(await donors.stagedIntake(intakeId)).toMatchObject({
        rowsRoot: 'rowsRoot' in staged ? staged.rowsRoot : '',
      });
    });

    it('of everything destroys the key and the trace code; the commitment stays', async () => {
      await stage([named, ...gifts(2)]);
      const code = await codeOf(donationId);
      const [before] = await donors.intakePlan(intakeId, 0, 1);
      await donors.eraseDonation(donationId, { ...order, extent: 'everything' });
      expect((await donors.sealKeysOf([donationId])).get(donationId)).toBe('erased');
      const { rows } = await register.pool.query('select kind, id from registry.leftovers');
      expect(rows).toEqual([{ kind: 'donation', id: donationId }]);
      expect(await donors.traceCodes(intakeId, 0, 1)).toEqual([{ number: 0, donationId }]);
      expect(await donors.donationByTraceCode(code)).toEqual({ status: 'not_found' });
      const [after] = await donors.intakePlan(intakeId, 0, 1);
      expect(after).toMatchObject({ commitment: before?.commitment, paymentReference: 'erased', namedConsent: false });
      expect(after?.sealKey).not.toEqual(before?.sealKey);
    });

    it('holds after a backup is restored', async () => {
      await stage([named]);
      await register.pool.query('create table backup as table registry.donations');
      await donors.eraseDonation(donationId, order);
      await register.pool.query('delete from registry.donations');
      await register.pool.query('insert into registry.donations table backup');
      expect((await donors.intakePlan(intakeId, 0, 1))[0]?.displayName).toBe('石小禾');
      const restored = await createDonorRegister({ ...register.options('restored'), ledgerSecret });
      expect((await restored.intakePlan(intakeId, 0, 1))[0]).not.toHaveProperty('displayName');
      expect(await restored.reapplyErasures()).toBe(0);
    });

    it('refuses what it does not know', async () => {
      expect(await donors.eraseDonation('none', order)).toEqual({ status: 'unknown_donation' });
      expect(await donors.eraseDonation(donationId, order)).toEqual({ status: 'unknown_donation' });
      const wrong = { ...order, reason: 'because' as 'legal_order' };
      expect(await donors.eraseDonation(donationId, wrong)).toEqual({ status: 'unknown_reason' });
    });
  });

  it('does not start with another ledger secret', async () => {
    const wrong = createDonorRegister({ ...register.options('wrong'), ledgerSecret: new Uint8Array(32).fill(6) });
    await expect(wrong).rejects.toThrow('"ledger-secret"');
  });

  it('tells nothing personal in refusals and faults', async () => {
    await stage([named]);
    const answers: unknown[] = [await stage([named, { ...named, amountMinor: 1 }], { intakeId: secondIntakeId })];
    answers.push(await stage([{ ...named, amountMinor: '1.5' }], { intakeId: secondIntakeId }));
    await register.pool.query('update registry.donations set sealed = sealed_contact');
    await donors.intakePlan(intakeId, 0, 1).catch((error: unknown) => answers.push(String(error)));
    const told = JSON.stringify(answers);
    expect(told).toContain('does not open');
    for (const secret of ['石小禾', '13800000011', 'WX-named']) expect(told).not.toContain(secret);
  });
});

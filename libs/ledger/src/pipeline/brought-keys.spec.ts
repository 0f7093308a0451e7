import { beforeAll, describe, expect, it } from '@jest/globals';
import { base64Encode, keyIdOf, type Signer } from '@aidtrail/envelope';
import { createLedgerHarness, newSigner, publicKeyOf, type LedgerHarness } from '@aidtrail/testing/ledger';
import { claim, giveAndTransfer, issueBatch, openRelief, type ReliefScenario } from '@aidtrail/testing/relief';

const P_MINUS_1 = 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f';

/** The 14 encodings of points of small order in the CCTV Ed25519 vectors, and one of a point that has another. */
const unacceptable = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000080',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  P_MINUS_1,
  `${P_MINUS_1.slice(0, -2)}ff`,
  ...['7f', 'ff'].flatMap((end) => ['ed', 'ee', 'f0'].map((first) => `${first}${'ff'.repeat(30)}${end}`)),
].map((hex) => base64Encode(Buffer.from(hex, 'hex')));

describe('a public key of small order, or not canonically encoded, does not come into the log', () => {
  let h: LedgerHarness;
  let relief: ReliefScenario;
  beforeAll(async () => {
    h = await createLedgerHarness();
    relief = await openRelief(h);
  });

  it.each(unacceptable)('%s', async (publicKey) => {
    const head = await h.store.head();
    const enrolment = { type: 'EnrollKey', data: { publicKey, role: 'service' } };
    expect(await h.refuse(enrolment, [h.roots[0]])).toBe('public_key_unacceptable');
    for (const rotation of [
      { type: 'RotateEventKey', data: { publicKey } },
      { type: 'RotateRootKey', data: { officer: 'root-1', publicKey } },
    ]) {
      expect(await h.refuse(rotation, h.roots)).toBe('public_key_unacceptable');
    }
    expect(await h.store.head()).toBe(head);
  });

  it('and whoever may not enrol keys at all is told that first', async () => {
    const enrolment = { type: 'EnrollKey', data: { publicKey: unacceptable[0] as string, role: 'service' } };
    expect(await h.refuse(enrolment, [relief.keys.finance1])).toBe('role_not_allowed');
  });

  it('nor as a holder’s key: no signature verifies under it', async () => {
    await giveAndTransfer(h, relief, [10_000]);
    const [voucher] = (await issueBatch(h, relief, { count: 1, faceMinor: 1_000 })).voucherIds as [string];
    const [publicKey] = unacceptable.slice(-1) as [string];
    const real = newSigner();
    const bytes = Buffer.from(publicKey, 'base64');
    const holder: Signer = { ...real, publicKey: bytes, keyId: keyIdOf(bytes) };
    const data = { voucher, holder: publicKeyOf(holder), channel: 'self' };
    const claims = { type: 'ClaimVoucher', data, private: { time: '2026-06-02T03:04:05Z' } };
    expect(await h.refuse(claims, [relief.keys.service, holder])).toBe('signature_invalid');
    await claim(h, relief, voucher);
  });
});

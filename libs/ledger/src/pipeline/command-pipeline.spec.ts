import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV5, type JsonObject, type SignedCommand, type Signer } from '@aidtrail/envelope';
import {
  createLedgerHarness,
  newSigner,
  publicKeyOf,
  type LedgerHarness,
  type TestCommand,
} from '@aidtrail/testing/ledger';
import { leavesOfType } from '@aidtrail/testing/reading';
import { claim, give, giveAndTransfer, issueBatch, openRelief, redemption, transfer } from '@aidtrail/testing/relief';
import type { ReliefScenario } from '@aidtrail/testing/relief';
import { startDay } from '@aidtrail/testing/settling';
import type { Answered } from './results.js';

let h: LedgerHarness;
let relief: ReliefScenario;
let voucher: string;
let unclaimed: string;
let holder: Signer;

beforeAll(async () => {
  h = await createLedgerHarness();
  relief = await openRelief(h);
  await giveAndTransfer(h, relief, [200_000]);
  const { voucherIds } = await issueBatch(h, relief, { count: 3, faceMinor: 10_000 });
  [voucher, unclaimed] = voucherIds as [string, string, string];
  holder = await claim(h, relief, voucher);
});

/** Rejected, and as if it had never come: no event, and the id is still free. */
async function expectRejected(signed: SignedCommand, code: string): Promise<string> {
  const head = await h.store.head();
  const result = await h.ledger.handle(signed);
  expect(result).toMatchObject({ kind: 'rejected', code });
  expect(await h.store.head()).toBe(head);
  expect(await h.store.outcomeOf(signed.body.id)).toBeUndefined();
  return (result as { readonly detail?: string }).detail ?? '';
}

describe('a command that is not what it claims to be is rejected without a trace', () => {
  it('of a type that does not exist, or that only policies give', async () => {
    for (const type of ['MintMoney', 'IssueVoucher', 'ReceiveTransfer']) {
      await expectRejected(await h.sign({ type, data: {} }, [relief.keys.finance1]), 'unknown_command');
    }
  });

  it('meant for another log', async () => {
    const command = { type: 'StartDay', data: { day: '2026-06-02' }, log: 'ledger.example/other' };
    await expectRejected(await h.sign(command, [relief.keys.service]), 'wrong_log');
  });

  it('signed by a key that nobody enrolled', async () => {
    await expectRejected(await h.sign(redemption(relief, voucher, 100), [newSigner(), holder]), 'key_unknown');
  });

  it.each([0, 1])('whose signature %i is that of other bytes', async (which) => {
    const [signed, other] = await Promise.all(
      [100, 101].map((amount) => h.sign(redemption(relief, voucher, amount), [relief.keys.till, holder])),
    );
    const sigs = signed!.sigs.map((sig, i) => (i === which ? other!.sigs[i]! : sig));
    await expectRejected({ ...signed!, sigs }, 'signature_invalid');
  });

  it('whose id is derived as the ids of events are, so that no event to come is displaced', async () => {
    const sent = randomUUID();
    const squatting = uuidV5(sent, '0');
    const data = { voucher, amountMinor: 1, consent: 'holder' };
    const signed = await h.sign({ ...redemption(relief, voucher, 1), data }, [relief.keys.till, holder]);
    // No reader hands such a command on; the pipeline does not rely on that.
    const detail = await expectRejected({ ...signed, body: { ...signed.body, id: squatting } }, 'malformed');
    expect(detail).toBe('id: a UUID of version 4');
  });

  it.each([1.5, -1, 0, 1e21, 2 ** 53, '100', 'NaN', true, [100], { minor: 100 }, 0.1 + 0.2, -2e-7])(
    'with an amount of %j, and its answer does not repeat the amount',
    async (amountMinor) => {
      const signed = await h.sign(redemption(relief, voucher, 100), [relief.keys.till, holder]);
      const data = { ...signed.body.data, amountMinor } as JsonObject;
      const detail = await expectRejected({ ...signed, body: { ...signed.body, data } }, 'schema');
      expect(detail).toBe('data.amountMinor: amount in minor units (分), ≥ 1');
    },
  );

  it('with any other field that does not fit, and its answer names no value of it', async () => {
    const canary = 'zhang-san-canary';
    const good = redemption(relief, voucher, 100);
    const line = { category: 'staple', quantity: 1, amountMinor: 100 };
    const bad: readonly TestCommand[] = [
      { ...good, data: { ...good.data, voucher: canary } },
      { ...good, data: { ...good.data, note: canary } },
      { ...good, data: { ...good.data, [canary.replaceAll('-', '')]: 1 } },
      { ...good, data: { voucher, consent: 'holder' } },
      { ...good, private: { ...good.private, time: canary } },
      { ...good, private: { ...good.private, basket: [{ ...line, category: `${canary}!` }] } },
      { ...good, private: { ...good.private, basket: [{ ...line, name: canary }] } },
      { ...good, private: { ...good.private, person: canary } },
    ];
    for (const command of bad) {
      const detail = await expectRejected(await h.sign(command, [relief.keys.till, holder]), 'schema');
      expect(detail.length).toBeGreaterThan(0);
      expect(detail).not.toMatch(/canary/);
    }
  });
});

describe('who may give a command', () => {
  it('a key must be approved, not revoked, and of a role that may', async () => {
    const key = newSigner();
    const startsDay = { type: 'StartDay', data: { day: '2026-06-01' } };
    const enrolment = { type: 'EnrollKey', data: { publicKey: publicKeyOf(key), role: 'service' }, private: {} };
    await h.accept(enrolment, [h.roots[0]]);
    expect(await h.refuse(startsDay, [key])).toBe('key_not_approved');
    await h.accept({ type: 'ApproveKey', data: { key: key.keyId } }, [h.roots[1]]);
    expect(await h.refuse(startsDay, [key])).toBe('day_not_later');
    await h.accept({ type: 'RevokeKey', data: { key: key.keyId, reason: 'lost' } }, [h.roots[0]]);
    expect(await h.refuse(startsDay, [key])).toBe('key_revoked');
    expect(await h.refuse(startsDay, [relief.keys.till])).toBe('role_not_allowed');
    expect(await h.refuse(startsDay, [holder])).toBe('key_unknown');
  });

  it('nobody approves what he made himself', async () => {
    const batch = randomUUID();
    const { rosterRoot } = h.registers.prepareBatch(batch, 1);
    const terms = { count: 1, faceMinor: 100, totalMinor: 100, rosterRoot };
    const data = { batch, campaign: relief.campaign, fund: relief.campaignFund, ...terms };
    const { programme1 } = relief.keys;
    await h.accept({ type: 'DraftBatch', data, private: { partner: randomUUID(), communities: ['riverside'] } }, [
      programme1,
    ]);
    expect(await h.refuse({ type: 'ApproveBatch', data }, [programme1])).toBe('maker_is_checker');
    const sameOfficer = await h.enroll('programme', { officer: 'programme-1' });
    expect(await h.refuse({ type: 'ApproveBatch', data }, [sameOfficer])).toBe('maker_is_checker');
    const key = newSigner();
    await h.accept({ type: 'EnrollKey', data: { publicKey: publicKeyOf(key), role: 'channel' }, private: {} }, [
      h.roots[0],
    ]);
    expect(await h.refuse({ type: 'ApproveKey', data: { key: key.keyId } }, [h.roots[0]])).toBe('approver_is_enroller');
  });

  it('two must be two officers, whatever their keys', async () => {
    const change = {
      type: 'ChangeBankDetails',
      data: { merchant: relief.merchant, bankDigest: Buffer.alloc(32, 7).toString('base64') },
    };
    const { finance1, finance2 } = relief.keys;
    const secondKey = await h.enroll('finance', { officer: 'finance-1' });
    expect(await h.refuse(change, [finance1])).toBe('second_signature_missing');
    expect(await h.refuse(change, [finance1, secondKey])).toBe('same_officer');
    expect(await h.refuse(change, [finance1, finance2, secondKey])).toBe('too_many_signatures');
    expect(await h.refuse(change, [finance1, relief.keys.worker])).toBe('role_not_allowed');
    await h.accept(change, [finance1, finance2]);
  });
});

describe('the consent of the holder', () => {
  it('to a redemption is the signature of the voucher’s own key', async () => {
    const { till, worker } = relief.keys;
    const secondTill = await h.enroll('till', { private: { organisation: relief.merchant, store: relief.store } });
    const redeem = redemption(relief, voucher, 100);
    expect(await h.refuse(redeem, [till])).toBe('second_signature_missing');
    expect(await h.refuse(redeem, [till, newSigner()])).toBe('consent_missing');
    expect(await h.refuse(redeem, [till, relief.keys.finance1])).toBe('holder_key_wrong');
    expect(await h.refuse(redeem, [till, worker])).toBe('consent_missing');
    expect(await h.refuse(redeem, [till, holder, secondTill])).toBe('too_many_signatures');
    await h.accept(redeem, [till, holder]);
  });

  it('may be given by a field worker, and is then called assisted', async () => {
    const { till, worker } = relief.keys;
    const good = redemption(relief, voucher, 100);
    const assisted = { ...good, data: { ...good.data, consent: 'assisted' } };
    expect(await h.refuse(assisted, [till, holder])).toBe('consent_missing');
    expect(await h.refuse(assisted, [till, relief.keys.registrar])).toBe('holder_key_wrong');
    const id = await h.accept(assisted, [till, worker]);
    const redeemed = await leavesOfType(h.store, 'VoucherRedeemed');
    expect(redeemed.find(({ stored }) => stored.id === id)?.leaf.data).toMatchObject({ consent: 'assisted' });
  });

  it('to a claim is the proof that the claimer has the new key', async () => {
    const fresh = newSigner();
    const data = { voucher: unclaimed, holder: publicKeyOf(fresh), channel: 'self' };
    const claims = { type: 'ClaimVoucher', data, private: { time: '2026-06-02T03:04:05Z' } };
    expect(await h.refuse(claims, [relief.keys.service])).toBe('second_signature_missing');
    expect(await h.refuse(claims, [relief.keys.service, newSigner()])).toBe('holder_key_wrong');
    expect(await h.refuse(claims, [relief.keys.service, holder])).toBe('holder_key_wrong');
    expect(await h.refuse(claims, [relief.keys.till, fresh])).toBe('role_not_allowed');
  });

  it('is nobody’s who acts in the ledger: a worker’s consent counts as assisted, never as the holder’s', async () => {
    const { worker, service, till } = relief.keys;
    const proposed = newSigner();
    const enrolment = { type: 'EnrollKey', data: { publicKey: publicKeyOf(proposed), role: 'service' }, private: {} };
    await h.accept(enrolment, [h.roots[0]]);
    for (const taken of [service, till, proposed, h.roots[0]]) {
      const data = { voucher: unclaimed, holder: publicKeyOf(taken), channel: 'assisted' };
      const claims = { type: 'ClaimVoucher', data, private: { time: '2026-06-02T03:04:05Z', worker: worker.keyId } };
      expect(await h.refuse(claims, [worker, taken])).toBe('holder_key_enrolled');
    }
    const data = { voucher: unclaimed, holder: publicKeyOf(worker), channel: 'self' };
    const own = { type: 'ClaimVoucher', data, private: { time: '2026-06-02T03:04:05Z' } };
    expect(await h.refuse(own, [service, worker])).toBe('holder_key_enrolled');
  });

  it('ends with a reissue', async () => {
    const { voucherIds } = await issueBatch(h, relief, { count: 1, faceMinor: 100 });
    const lost = voucherIds[0] as string;
    const former = await claim(h, relief, lost);
    await h.accept({ type: 'ReissueVoucher', data: { voucher: lost, reason: 'card-lost' } }, [relief.keys.registrar]);
    const redeem = redemption(relief, lost, 10);
    expect(await h.refuse(redeem, [relief.keys.till, former])).toBe('voucher_not_claimed');
    const present = await claim(h, relief, lost);
    expect(await h.refuse(redeem, [relief.keys.till, former])).toBe('consent_missing');
    await h.accept(redeem, [relief.keys.till, present]);
  });
});

describe('a voucher pays', () => {
  it('only after its claim, only what is left, only for allowed goods, only at its own till', async () => {
    const { till } = relief.keys;
    expect(await h.refuse(redemption(relief, unclaimed, 100), [till, newSigner()])).toBe('voucher_not_claimed');
    expect(await h.refuse(redemption(relief, voucher, 10_001), [till, holder])).toBe('insufficient_balance');
    expect(await h.refuse(redemption(relief, voucher, 100, 'tobacco'), [till, holder])).toBe('goods_denied');
    expect(await h.refuse(redemption(relief, voucher, 100, 'never-heard-of'), [till, holder])).toBe('goods_denied');
    const elsewhere = await h.enroll('till', { private: { organisation: randomUUID(), store: relief.store } });
    expect(await h.refuse(redemption(relief, voucher, 100), [elsewhere, holder])).toBe('till_not_of_store');
  });

  it('not at a suspended merchant', async () => {
    const merchant = { merchant: relief.merchant, holdDays: 1 };
    const { programme1, programme2, till } = relief.keys;
    await h.accept({ type: 'SuspendMerchant', data: { merchant: relief.merchant, reason: 'complaint' } }, [programme1]);
    expect(await h.refuse(redemption(relief, voucher, 100), [till, holder])).toBe('merchant_not_approved');
    for (const officer of [programme1, programme2])
      await h.accept({ type: 'ApproveMerchant', data: merchant }, [officer]);
    await h.accept(redemption(relief, voucher, 100), [till, holder]);
  });

  it('nothing more once its household was erased', async () => {
    const { voucherIds } = await issueBatch(h, relief, { count: 1, faceMinor: 100 });
    const erased = voucherIds[0] as string;
    const present = await claim(h, relief, erased);
    h.registers.erase(erased);
    expect(await h.refuse(redemption(relief, erased, 10), [relief.keys.till, present])).toBe('subject_erased');
    await h.accept({ type: 'CancelVoucher', data: { voucher: erased, reason: 'erased' } }, [relief.keys.programme1]);
  });
});

describe('the anchor', () => {
  it('is free at first; after two days it must be younger than the day before', async () => {
    const own = await createLedgerHarness();
    const world = await openRelief(own);
    const nothing = { type: 'StartDay', data: { day: '2026-06-01' } };
    const { service } = world.keys;
    const start = await own.ledger.latestCheckpoint();
    expect(start.size).toBe(0);
    const refuse = (anchor: { readonly size: number; readonly root: string }) =>
      own.refuse({ ...nothing, anchor: { size: anchor.size, root: anchor.root } }, [service]);
    const old = (await own.ledger.checkpoint({ force: true }))!;
    expect(await refuse({ size: old.size, root: start.root })).toBe('anchor_unknown');
    expect(await refuse({ size: old.size + 1, root: old.root })).toBe('anchor_unknown');
    expect(await refuse({ size: 0, root: old.root })).toBe('anchor_unknown');
    expect([await refuse(start), await refuse(old)]).toStrictEqual(['day_not_later', 'day_not_later']);
    await startDay(own, world, '2026-06-02');
    const young = await own.ledger.latestCheckpoint();
    expect([await refuse(start), await refuse(old)]).toStrictEqual(['day_not_later', 'day_not_later']);
    await startDay(own, world, '2026-06-03');
    expect([await refuse(start), await refuse(old)]).toStrictEqual(['anchor_stale', 'anchor_stale']);
    expect([await refuse(young), await refuse(await own.ledger.latestCheckpoint())]).toStrictEqual([
      'day_not_later',
      'day_not_later',
    ]);
  });
});

describe('an answer', () => {
  it('is the same bytes whenever and wherever the same bytes are handed in again', async () => {
    const beside = await createLedgerHarness({ beside: h as Awaited<ReturnType<typeof createLedgerHarness>> });
    for (const amount of [50, 99_999]) {
      const signed = await h.sign(redemption(relief, voucher, amount), [relief.keys.till, holder]);
      const first = await h.ledger.handle(signed);
      const head = await h.store.head();
      expect(first).toMatchObject({ kind: amount === 50 ? 'accepted' : 'refused', repeated: false });
      for (const process of [h, beside]) {
        const again = (await process.ledger.handle(signed)) as Answered;
        expect(again).toStrictEqual({ ...first, repeated: again.repeated });
        if (again.kind === 'accepted') expect(again.repeated).toBe(true);
      }
      expect(await h.store.head()).toBe(head);
    }
  });

  it('is not given for an id that was used for other bytes', async () => {
    for (const amount of [50, 99_999]) {
      const id = randomUUID();
      await h.submit({ ...redemption(relief, voucher, amount), id }, [relief.keys.till, holder]);
      const outcome = await h.store.outcomeOf(id);
      const head = await h.store.head();
      const others: readonly [TestCommand, readonly Signer[]][] = [
        [redemption(relief, voucher, 51), [relief.keys.till, holder]],
        [redemption(relief, voucher, 99_998), [relief.keys.till, holder]],
        [{ type: 'StartDay', data: { day: '2026-06-02' } }, [relief.keys.service]],
      ];
      for (const [other, signers] of others) {
        expect(await h.refuse({ ...other, id }, signers)).toBe('command_id_reused');
      }
      expect(await h.store.outcomeOf(id)).toStrictEqual(outcome);
      expect(await h.store.head()).toBe(head);
    }
  });

  it('that refuses is final, also when the same command would be accepted later', async () => {
    const data = { fund: relief.generalFund, toFund: relief.campaignFund, amountMinor: 5_000 };
    const early = await h.sign({ type: 'SendTransfer', data }, [relief.keys.finance1]);
    const refusal = await h.ledger.handle(early);
    expect(refusal).toMatchObject({ kind: 'refused', code: 'insufficient_funds' });
    await give(h, relief, [10_000]);
    expect(await h.ledger.handle(early)).toStrictEqual({ ...refusal, repeated: true });
    expect(await h.store.readEvent(uuidV5(early.body.id, '0'))).toBeUndefined();
    await transfer(h, relief, 5_000);
  });
});

describe('at its end', () => {
  it('a voucher pays nothing, from the day after its last one', async () => {
    await startDay(h, relief, '2026-06-30');
    await h.accept(redemption(relief, voucher, 10), [relief.keys.till, holder]);
    await h.accept({ type: 'StartDay', data: { day: '2026-07-01' } }, [relief.keys.service]);
    expect(await h.refuse(redemption(relief, voucher, 10), [relief.keys.till, holder])).toBe('voucher_expired');
  });
});

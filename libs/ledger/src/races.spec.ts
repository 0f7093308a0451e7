import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Signer } from '@aidtrail/envelope';
import type { Append, EventStore } from '@aidtrail/event-store';
import { createLedgerHarness, newSigner, publicKeyOf, type LedgerHarness } from '@aidtrail/testing/ledger';
import { followTheMoney, leavesOfType } from '@aidtrail/testing/reading';
import {
  claim,
  giveAndTransfer,
  issueBatch,
  openRelief,
  redemption,
  type ReliefScenario,
} from '@aidtrail/testing/relief';
import type { CommandResult } from './pipeline/results.js';

describe('two processes on one store', () => {
  it('spend a voucher to its last whole amount and never beyond', async () => {
    const world = await race();
    const { voucher, holder } = await world.claimed(1_000);
    const results = await world.redeemAtOnce(voucher, { holder, amounts: Array.from({ length: 60 }, () => 30) });
    expect(counted(results)).toStrictEqual({ accepted: 33, insufficient_balance: 27 });
    expect(await world.unspentOf(voucher)).toBe(10);
    expect(world.conflicts.count).toBeGreaterThan(0);
    expect((await followTheMoney(world.store)).problems).toStrictEqual([]);
  });

  it('spend a voucher by random amounts, each wholly or not at all', async () => {
    const world = await race();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 2, maxLength: 25 }), async (amounts) => {
        const { voucher, holder } = await world.claimed(1_000);
        const results = await world.redeemAtOnce(voucher, { holder, amounts });
        const spent = amounts.reduce((sum, amount, i) => (results[i]?.kind === 'accepted' ? sum + amount : sum), 0);
        expect(await world.unspentOf(voucher)).toBe(1_000 - spent);
        expect(spent).toBeLessThanOrEqual(1_000);
        const refused = amounts.filter((_, i) => results[i]?.kind === 'refused');
        const codes = new Set(Object.keys(counted(results)));
        codes.delete('accepted');
        expect([...codes]).toStrictEqual(refused.length === 0 ? [] : ['insufficient_balance']);
        // What was refused did not fit into what was left then, hence does not fit now.
        for (const amount of refused) expect(amount).toBeGreaterThan(1_000 - spent);
      }),
      { numRuns: 12 },
    );
    expect((await followTheMoney(world.store)).problems).toStrictEqual([]);
  });

  it('answer one command alike, and write its event once', async () => {
    const world = await race();
    const { voucher, holder } = await world.claimed(1_000);
    const { till } = world.relief.keys;
    for (const amount of [100, 5_000]) {
      const signed = await world.h.sign(redemption(world.relief, voucher, amount), [till, holder]);
      const head = await world.store.head();
      const results = await Promise.all(Array.from({ length: 20 }, (_, i) => world.processOf(i).ledger.handle(signed)));
      const answers = results.map((result) => result.kind !== 'rejected' && Buffer.from(result.answerBytes).toString());
      expect(new Set(answers).size).toBe(1);
      expect(await world.store.head()).toBe(amount === 100 ? head + 1 : head);
    }
  });

  it('of two commands with one id take one, in every process', async () => {
    const world = await race();
    const { voucher, holder } = await world.claimed(1_000);
    const id = randomUUID();
    const signed = await Promise.all(
      [10, 20].map((amount) =>
        world.h.sign({ ...redemption(world.relief, voucher, amount), id }, [world.relief.keys.till, holder]),
      ),
    );
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, i) => world.processOf(i).ledger.handle(signed[(i >> 1) % 2]!)),
    );
    expect(counted(results)).toStrictEqual({ accepted: 4, command_id_reused: 4 });
    expect(await leavesOfType(world.store, 'VoucherRedeemed')).toHaveLength(1);
  });

  it('give a voucher to one of many claimers', async () => {
    const world = await race();
    const { voucherIds } = await issueBatch(world.h, world.relief, { count: 1, faceMinor: 100 });
    const voucher = voucherIds[0] as string;
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) => {
        const holder = newSigner();
        const data = { voucher, holder: publicKeyOf(holder), channel: 'self' };
        const claims = { type: 'ClaimVoucher', data, private: { time: '2026-06-02T03:04:05Z' } };
        return world.processOf(i).submit(claims, [world.relief.keys.service, holder]);
      }),
    );
    expect(counted(results)).toStrictEqual({ accepted: 1, already_claimed: 19 });
  });

  it('approve a batch once and issue its vouchers once, though both run the policies', async () => {
    const world = await race();
    const { programme1, programme2, registrar } = world.relief.keys;
    const batch = randomUUID();
    const { rosterRoot } = world.h.registers.prepareBatch(batch, 9);
    const { campaign, campaignFund: fund } = world.relief;
    const data = { batch, campaign, fund, count: 9, faceMinor: 100, totalMinor: 900, rosterRoot };
    const draft = { type: 'DraftBatch', data, private: { partner: randomUUID(), communities: ['riverside'] } };
    await world.h.accept(draft, [registrar]);
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        world.processOf(i).submit({ type: 'ApproveBatch', data }, [i % 3 === 0 ? programme1 : programme2]),
      ),
    );
    expect(counted(results)).toStrictEqual({ accepted: 1, batch_not_drafted: 9 });
    await Promise.all([0, 1].map((i) => world.processOf(i).ledger.settle()));
    expect(await leavesOfType(world.store, 'BatchFunded')).toHaveLength(1);
    expect(await leavesOfType(world.store, 'VoucherIssued')).toHaveLength(9);
    expect(await leavesOfType(world.store, 'BatchCompleted')).toHaveLength(1);
    expect((await followTheMoney(world.store)).problems).toStrictEqual([]);
  });

  it('send the last money of a fund once', async () => {
    const world = await race();
    const { generalFund: fund, campaignFund: toFund } = world.relief;
    const intake = randomUUID();
    const { count, totalMinor, rowsRoot } = world.h.registers.stageIntake(intake, [1_000]);
    const gift = { type: 'RecordIntake', id: intake, data: { fund, count, totalMinor, rowsRoot } };
    await world.h.accept({ ...gift, private: { channel: 'online' } }, [world.relief.keys.channel]);
    await Promise.all([0, 1].map((i) => world.processOf(i).ledger.settle()));
    const send = { type: 'SendTransfer', data: { fund, toFund, amountMinor: 300 } };
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, i) => world.processOf(i).submit(send, [world.relief.keys.finance1])),
    );
    expect(counted(results)).toStrictEqual({ accepted: 3, insufficient_funds: 9 });
    await Promise.all([0, 1].map((i) => world.processOf(i).ledger.settle()));
    expect(await leavesOfType(world.store, 'TransferReceived')).toHaveLength(1 + 3);
    const { sweep, problems } = await followTheMoney(world.store);
    expect([problems, sweep.totals().in_transit]).toStrictEqual([[], 0]);
  });
});

/** A campaign with money, and two processes whose store answers only after others had a chance to come between. */
async function race() {
  const conflicts = { count: 0 };
  const wrapStore = (store: EventStore): EventStore => interleaved(store, conflicts);
  const h = await createLedgerHarness({ wrapStore });
  const relief = await openRelief(h);
  await giveAndTransfer(h, relief, [100_000]);
  const beside = await createLedgerHarness({ beside: h, wrapStore });
  const processes: readonly LedgerHarness[] = [h, beside];
  const processOf = (i: number): LedgerHarness => processes[i % 2] as LedgerHarness;
  return {
    h,
    relief,
    store: h.store,
    conflicts,
    processOf,
    claimed: async (faceMinor: number) => {
      const { voucherIds } = await issueBatch(h, relief, { count: 1, faceMinor });
      const voucher = voucherIds[0] as string;
      return { voucher, holder: await claim(h, relief, voucher) };
    },
    redeemAtOnce: (voucher: string, how: { readonly holder: Signer; readonly amounts: readonly number[] }) =>
      Promise.all(
        how.amounts.map((amount, i) => redeem(processOf(i), relief, { voucher, amount, holder: how.holder })),
      ),
    unspentOf: async (voucher: string): Promise<number> => {
      const { state } = await h.ledger.stateOf(`voucher-${voucher}`);
      const { unspent } = state as { readonly unspent: readonly (readonly [number, number])[] };
      return unspent.reduce((sum, [, length]) => sum + length, 0);
    },
  };
}

/** Lets every other task go first between the decision and the append; counts the appends that came too late. */
function interleaved(store: EventStore, conflicts: { count: number }): EventStore {
  return Object.assign(Object.create(store) as EventStore, {
    append: async (append: Append) => {
      await new Promise((resolve) => setImmediate(resolve));
      const outcome = await store.append(append);
      if (outcome.status === 'version_conflict') conflicts.count += 1;
      return outcome;
    },
  });
}

function redeem(
  process: LedgerHarness,
  relief: ReliefScenario,
  what: { readonly voucher: string; readonly amount: number; readonly holder: Signer },
): Promise<CommandResult> {
  return process.submit(redemption(relief, what.voucher, what.amount), [relief.keys.till, what.holder]);
}

function counted(results: readonly CommandResult[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { code } of results) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

import { beforeEach, describe, expect, it } from '@jest/globals';
import type { EventStore } from '@aidtrail/event-store';
import { createLedgerHarness, type LedgerHarness } from '@aidtrail/testing/ledger';
import { followTheMoney } from '@aidtrail/testing/reading';
import { reserveRefund, type ReservedRefund } from '@aidtrail/testing/refunds';
import { give, openRelief, type ReliefScenario } from '@aidtrail/testing/relief';

/**
 * Money that is reserved for a donor is paid out or given up, and never both, whatever two processes that have heard
 * nothing of each other do at the same moment.
 */
describe('a refund, in two processes', () => {
  let first: LedgerHarness;
  let second: LedgerHarness;
  let relief: ReliefScenario;
  let refund: ReservedRefund;

  beforeEach(async () => {
    const shared = await createLedgerHarness({ wrapStore: withGate });
    first = shared;
    relief = await openRelief(first);
    second = await createLedgerHarness({ beside: shared, wrapStore: withGate });
    await give(first, relief, [10_000]);
    refund = await reserveRefund(first, relief, relief.generalFund);
    // The second process knows the reservation, and hears of nothing that the first one writes from now on.
    await second.ledger.stateOf(`fund-${relief.generalFund}`);
  });

  it('is not given up when it was paid while that was being decided', async () => {
    const withdrawing = held(second, () => second.accept(refund.withdraw, [relief.keys.finance1]));
    await withdrawing.decided;
    await first.accept(refund.pay, [relief.keys.finance1, relief.keys.finance2]);
    await withdrawing.goOn();
    for (const process of [first, second])
      expect(await process.refuse(refund.release, [relief.keys.finance1])).toBe('already_refunded');
    await moneyIs(first, { refunded: refund.amountMinor, refund_reserved: 0 });
  });

  it('is not paid when it was given up while that was being decided', async () => {
    const paying = held(second, () => second.refuse(refund.pay, [relief.keys.finance1, relief.keys.finance2]));
    await paying.decided;
    await first.accept(refund.withdraw, [relief.keys.finance1]);
    expect(await paying.goOn()).toBe('refund_withdrawn');
    await second.accept(refund.release, [relief.keys.finance1]);
    await moneyIs(first, { refunded: 0, refund_reserved: 0 });
  });

  it('is not paid out of a reservation that a process still remembers and its fund has released', async () => {
    const paying = held(second, () => second.refuse(refund.pay, [relief.keys.finance1, relief.keys.finance2]));
    await paying.decided;
    await first.accept(refund.withdraw, [relief.keys.finance1]);
    await first.accept(refund.release, [relief.keys.finance1]);
    expect(await paying.goOn()).toBe('not_reserved');
    await moneyIs(first, { refunded: 0, refund_reserved: 0 });
  });

  it('is not given up by a fund before the donation has withdrawn it', async () => {
    expect(await second.refuse(refund.release, [relief.keys.finance1])).toBe('refund_not_withdrawn');
    await first.accept(refund.pay, [relief.keys.finance1, relief.keys.finance2]);
    expect(await second.refuse(refund.release, [relief.keys.finance1])).toBe('already_refunded');
    await moneyIs(first, { refunded: refund.amountMinor, refund_reserved: 0 });
  });

  it('has one outcome when both are handed in again and again at once', async () => {
    const { finance1, finance2 } = relief.keys;
    const results = await Promise.all([
      first.submit(refund.pay, [finance1, finance2]),
      second.submit(refund.withdraw, [finance1]),
      second.submit(refund.release, [finance1]),
      first.submit(refund.release, [finance1]),
      second.submit(refund.pay, [finance1, finance2]),
    ]);
    const isPaid = [0, 4].filter((i) => results[i]?.kind === 'accepted').length;
    const isReleased = [2, 3].filter((i) => results[i]?.kind === 'accepted').length;
    expect(isPaid + isReleased).toBeLessThanOrEqual(1);
    await moneyIs(first, { refunded: isPaid * refund.amountMinor });
  });

  it('can be reserved anew after it was given up, and then paid', async () => {
    await first.accept(refund.withdraw, [relief.keys.finance1]);
    await first.accept(refund.release, [relief.keys.finance1]);
    await first.accept(refund.reserve, [relief.keys.finance1]);
    await second.accept(refund.pay, [relief.keys.finance1, relief.keys.finance2]);
    await moneyIs(first, { refunded: refund.amountMinor, refund_reserved: 0 });
  });

  it('leaves what a fund reserved that was not named when it was paid; that fund releases it', async () => {
    const { finance1, finance2 } = relief.keys;
    const { generalFund: fund, campaignFund: toFund } = relief;
    await give(first, relief, [5_000]);
    await first.accept({ type: 'SendTransfer', data: { fund, toFund, amountMinor: 500 } }, [finance1]);
    await first.ledger.settle();
    const elsewhere = { fund: toFund, refund: refund.id };
    await first.accept({ ...refund.reserve, data: { ...elsewhere, segments: [[0, 500]] } }, [finance1]);
    await first.accept(refund.pay, [finance1, finance2]);
    await moneyIs(first, { refunded: refund.amountMinor, refund_reserved: 500 });
    await second.accept({ type: 'ReleaseRefund', data: elsewhere }, [finance1]);
    await moneyIs(first, { refunded: refund.amountMinor, refund_reserved: 0 });
  });
});

async function moneyIs(h: LedgerHarness, expected: object): Promise<void> {
  await h.ledger.settle();
  const { sweep, problems } = await followTheMoney(h.store);
  expect(problems).toStrictEqual([]);
  expect(sweep.totals()).toMatchObject(expected);
}

const gates = new WeakMap<EventStore, Gate>();

interface Gate {
  /** Called with the next append, which waits for what it returns. */
  before?: (() => Promise<void>) | undefined;
}

/** A store whose next append can be held back: what was decided is then decided on what another process changes. */
function withGate(store: EventStore): EventStore {
  const gate: Gate = {};
  const gated = Object.assign(Object.create(store) as EventStore, {
    append: async (append: Parameters<EventStore['append']>[0]) => {
      const { before } = gate;
      gate.before = undefined;
      await before?.();
      return store.append(append);
    },
  });
  gates.set(gated, gate);
  return gated;
}

/** Begins what `act` does, and holds it between its decision and its append until `goOn`. */
function held<T>(process: LedgerHarness, act: () => Promise<T>) {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const gate = gates.get(process.store) as Gate;
  const decided = new Promise<void>((resolve) => {
    gate.before = () => {
      resolve();
      return released;
    };
  });
  const acting = act();
  return {
    decided,
    goOn: (): Promise<T> => {
      release();
      return acting;
    },
  };
}

import { describe, expect, it } from '@jest/globals';
import type { EventStore } from '@aidtrail/event-store';
import { createLedgerHarness } from '@aidtrail/testing/ledger';
import { leavesOfType } from '@aidtrail/testing/reading';
import { claim, giveAndTransfer, issueBatch, openRelief, redemption } from '@aidtrail/testing/relief';
import { typeIn } from './runner.js';

describe('policies that run in the process that appends', () => {
  it('are handed what they wait for and not each sale, and tell in either case how far they are', async () => {
    const handed: string[] = [];
    const h = await createLedgerHarness({ wrapStore: (store) => listening(store, handed) });
    const relief = await openRelief(h);
    await giveAndTransfer(h, relief, [10_000]);
    const { voucherIds } = await issueBatch(h, relief, { count: 3, faceMinor: 1_000 });
    const stop = new AbortController();
    const running = h.ledger.work(stop.signal);
    try {
      for (const voucher of voucherIds) {
        const holder = await claim(h, relief, voucher);
        await h.accept(redemption(relief, voucher, 10), [relief.keys.till, holder]);
      }
      await h.accept({ type: 'StartDay', data: { day: '2026-07-01' } }, [relief.keys.service]);
      await until(async () => (await leavesOfType(h.store, 'VoucherExpired')).length === voucherIds.length);
      await until(async () => (await h.ledger.policyPosition()) === (await h.store.head()));
      expect(handed.filter((type) => type === 'DayStarted')).toHaveLength(1);
      expect(handed).not.toContain('VoucherRedeemed');
    } finally {
      stop.abort();
      await running;
    }
  });

  it('are handed what another process appends, whatever it is', async () => {
    const h = await createLedgerHarness();
    const relief = await openRelief(h);
    await giveAndTransfer(h, relief, [10_000]);
    const { voucherIds } = await issueBatch(h, relief, { count: 1, faceMinor: 1_000 });
    const handed: string[] = [];
    const beside = await createLedgerHarness({ beside: h, wrapStore: (store) => listening(store, handed) });
    const stop = new AbortController();
    const running = beside.ledger.work(stop.signal);
    try {
      const voucher = voucherIds[0] as string;
      const holder = await claim(h, relief, voucher);
      await h.accept(redemption(relief, voucher, 10), [relief.keys.till, holder]);
      await until(async () => (await beside.ledger.policyPosition()) === (await h.store.head()));
      expect(handed).toContain('VoucherRedeemed');
    } finally {
      stop.abort();
      await running;
    }
  });
});

/**
 * Tells the types of all events that subscriptions are given. They read a little after the append, as they do from
 * PostgreSQL, so that the process has heard by then what it has appended.
 */
function listening(store: EventStore, handed: string[]): EventStore {
  return Object.assign(Object.create(store) as EventStore, {
    subscribe: (options: Parameters<EventStore['subscribe']>[0]) =>
      store.subscribe({
        ...options,
        nextNeeded: async (position) => {
          await new Promise((resolve) => setTimeout(resolve, 20));
          return (await options.nextNeeded?.(position)) ?? position;
        },
        handle: async (events) => {
          handed.push(...events.map(typeIn));
          await options.handle(events);
        },
      }),
  });
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 5));
}

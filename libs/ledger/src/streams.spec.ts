import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { FundState, MerchantState } from '@aidtrail/domain';
import { portableSigner, signLeaf } from '@aidtrail/envelope';
import { createMemoryEventStore, type EventStore, type StoredEvent } from '@aidtrail/event-store';
import { createLedgerHarness } from '@aidtrail/testing/ledger';
import { followTheMoney, leavesOfType } from '@aidtrail/testing/reading';
import { claim, give, giveAndTransfer, issueBatch, openRelief, redemption } from '@aidtrail/testing/relief';
import type { LedgerCrypto, SealKeys } from './ports.js';
import { Streams } from './streams.js';

const CALENDAR = 'calendar-main';
const SIGNER = portableSigner(new Uint8Array(32).fill(1));

describe('a cached stream', () => {
  it('is read once, and again only for what a reload finds new', async () => {
    const { store, streams, reads } = await calendar();
    await startDay(store, '2026-06-02');
    await Promise.all([streams.load(CALENDAR), streams.load(CALENDAR)]);
    await streams.load(CALENDAR);
    expect(reads).toStrictEqual([1]);
    await startDay(store, '2026-06-03');
    expect(await dayIn(streams)).toBe('2026-06-02');
    expect((await streams.reload(CALENDAR)).version).toBe(2);
    expect(await dayIn(streams)).toBe('2026-06-03');
    expect(reads).toStrictEqual([1, 2]);
  });

  it('follows what another process appended, event by event and each once', async () => {
    const { store, streams } = await calendar();
    await startDay(store, '2026-06-02');
    await streams.load(CALENDAR);
    const news = [await startDay(store, '2026-06-03'), await startDay(store, '2026-06-04')];
    await streams.observe(news);
    await streams.observe(news);
    expect(await streams.load(CALENDAR)).toMatchObject({ version: 3, state: { day: '2026-06-04' } });
  });

  it('is read afresh if events were missed', async () => {
    const { store, streams, reads } = await calendar();
    await startDay(store, '2026-06-02');
    await streams.load(CALENDAR);
    await startDay(store, '2026-06-03');
    await streams.observe([await startDay(store, '2026-06-04')]);
    expect(await streams.load(CALENDAR)).toMatchObject({ version: 3, state: { day: '2026-06-04' } });
    expect(reads).toStrictEqual([1, 1]);
  });

  it('does not lose an event that comes while it is being loaded', async () => {
    const { store, streams, hold } = await calendar();
    await startDay(store, '2026-06-02');
    const release = hold();
    const loading = streams.load(CALENDAR);
    const observing = streams.observe([await startDay(store, '2026-06-03')]);
    release();
    await Promise.all([loading, observing]);
    expect(await dayIn(streams)).toBe('2026-06-03');
  });

  it('does not go back when a slow reload ends after a newer event was observed', async () => {
    const { store, streams, hold } = await calendar();
    await startDay(store, '2026-06-02');
    await streams.load(CALENDAR);
    const release = hold();
    const reloading = streams.reload(CALENDAR);
    await streams.observe([await startDay(store, '2026-06-03')]);
    release();
    expect((await reloading).version).toBe(2);
    expect(await dayIn(streams)).toBe('2026-06-03');
  });

  it('need not see again what this process has appended and folded, but all else', async () => {
    const { store, streams } = await calendar();
    const follower = streams.follower();
    const before = await streams.load(CALENDAR);
    const first = await startDay(store, '2026-06-02');
    streams.applied(before, await streams.recorded([first]));
    expect(follower.from(first.position)).toBe(first.position + 1);
    const foreign = await startDay(store, '2026-06-03');
    expect(follower.from(foreign.position)).toBe(foreign.position);
  });

  it('sees again what was appended to a stream that is cached, or being loaded, without being folded', async () => {
    const { store, streams, hold } = await calendar();
    const follower = streams.follower();
    const { position } = await startDay(store, '2026-06-02');
    const issued = { type: 'VoucherIssued' };
    streams.appended('voucher-1', position + 1, [issued, issued]);
    const release = hold();
    const loading = streams.load(CALENDAR);
    streams.appended(CALENDAR, position, [{ type: 'DayStarted' }]);
    release();
    await loading;
    streams.appended(CALENDAR, position, [{ type: 'DayStarted' }]);
    expect(follower.from(position)).toBe(position);
    expect(follower.from(position + 1)).toBe(position + 3);
  });

  it('forgets what was loaded and what is being loaded', async () => {
    const { store, streams, hold } = await calendar();
    await startDay(store, '2026-06-02');
    const release = hold();
    const loading = streams.load(CALENDAR);
    await startDay(store, '2026-06-03');
    const forgetting = streams.forget();
    release();
    await Promise.all([loading, forgetting]);
    expect(await dayIn(streams)).toBe('2026-06-03');
  });
});

describe('a stale cache', () => {
  it('ends in a conflict and a fresh decision, never in a wrong event', async () => {
    const h = await createLedgerHarness();
    const relief = await openRelief(h);
    const { netMinor } = await give(h, relief, [10_000]);
    const beside = await createLedgerHarness({ beside: h });
    const fund = `fund-${relief.generalFund}`;
    expect(((await beside.ledger.stateOf(fund)).state as FundState & { freeMinor: number }).freeMinor).toBe(netMinor);
    const send = (amountMinor: number) => ({
      type: 'SendTransfer',
      data: { fund: relief.generalFund, toFund: relief.campaignFund, amountMinor },
    });
    await h.accept(send(netMinor - 10), [relief.keys.finance1]);
    expect(await beside.refuse(send(11), [relief.keys.finance1])).toBe('insufficient_funds');
    await beside.accept(send(10), [relief.keys.finance1]);
    await beside.ledger.settle();
    const { sweep, problems } = await followTheMoney(h.store);
    expect(problems).toStrictEqual([]);
    expect(sweep.fundLine(relief.generalFund)?.totals.free).toBe(0);
  });

  it('is a fact no longer once the process follows the store', async () => {
    const h = await createLedgerHarness();
    const relief = await openRelief(h);
    await giveAndTransfer(h, relief, [10_000]);
    const { voucherIds } = await issueBatch(h, relief, { count: 1, faceMinor: 1_000 });
    const voucher = voucherIds[0] as string;
    const holder = await claim(h, relief, voucher);
    const beside = await createLedgerHarness({ beside: h });
    await beside.accept(redemption(relief, voucher, 10), [relief.keys.till, holder]);
    const stop = new AbortController();
    const running = beside.ledger.follow(stop.signal);
    await h.accept({ type: 'SuspendMerchant', data: { merchant: relief.merchant, reason: 'complaint' } }, [
      relief.keys.programme1,
    ]);
    const merchant = `merchant-${relief.merchant}`;
    while (((await beside.ledger.stateOf(merchant)).state as MerchantState).status !== 'suspended') {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await beside.refuse(redemption(relief, voucher, 10), [relief.keys.till, holder])).toBe(
      'merchant_not_approved',
    );
    stop.abort();
    await running;
    expect(await leavesOfType(h.store, 'VoucherRedeemed')).toHaveLength(1);
  });
});

/** Streams over a store whose reads are counted (by their first version) and can be held up after they have read. */
async function calendar() {
  const store = createMemoryEventStore();
  const reads: number[] = [];
  let gate = Promise.resolve();
  const watched: EventStore = Object.assign(Object.create(store) as EventStore, {
    readStream: async (stream: string, options: { readonly fromVersion?: number } = {}) => {
      reads.push(options.fromVersion ?? 1);
      const events = await store.readStream(stream, options);
      await gate;
      return events;
    },
  });
  const hold = (): (() => void) => {
    let release: () => void = () => undefined;
    gate = new Promise((resolve) => (release = resolve));
    return release;
  };
  const noKeys: SealKeys = { keysOf: () => Promise.resolve(new Map()) };
  return { store, streams: new Streams(watched, noKeys, {} as LedgerCrypto), reads, hold };
}

async function startDay(store: EventStore, day: string): Promise<StoredEvent> {
  const id = randomUUID();
  const expectedVersion = (await store.versionsOf([CALENDAR])).get(CALENDAR) ?? 0;
  const version = expectedVersion + 1;
  const content = { v: 1, log: 'test.example/log', type: 'DayStarted', stream: CALENDAR, day, data: { day } } as const;
  const bytes = signLeaf({ ...content, id, version, command: { ref: id } }, SIGNER);
  await store.append({ stream: CALENDAR, expectedVersion, events: [{ id, bytes }] });
  return (await store.readEvent(id)) as StoredEvent;
}

async function dayIn(streams: Streams): Promise<string> {
  return ((await streams.load(CALENDAR)).state as { readonly day: string }).day;
}

import { describe, expect, it } from '@jest/globals';
import { appendOf, plain, range, sampleEvent, storedAs } from './samples.js';
import type { EventStore, StoredEvent } from '../port.js';
import type { Under } from './samples.js';

export function subscriptionContract(under: Under): void {
  describe('subscriptions', () => {
    it('deliver stored and then new events, with all their fields', async () => {
      const { store } = under();
      await store.append(appendOf('voucher-1', 0, 0, 1, 2));
      const seen = follow(store, 1);
      await seen.until(2);
      await store.append(appendOf('voucher-2', 0, 3));
      await seen.until(3);
      await seen.stop();
      expect(seen.events).toStrictEqual([
        storedAs(sampleEvent(1), 1, 'voucher-1', 2),
        storedAs(sampleEvent(2), 2, 'voucher-1', 3),
        storedAs(sampleEvent(3), 3, 'voucher-2', 1),
      ]);
    });

    it('wait for a position that lies beyond the head', async () => {
      const { store } = under();
      const seen = follow(store, 2);
      await store.append(appendOf('voucher-1', 0, 0, 1));
      await store.append(appendOf('voucher-1', 2, 2, 3));
      await seen.until(2);
      await seen.stop();
      expect(seen.positions()).toEqual([2, 3]);
    });

    it('pass over what the handler has no use for, and over nothing else', async () => {
      const { store } = under();
      await store.append(appendOf('voucher-1', 0, ...range(0, 6)));
      const useless = new Set([0, 1, 4, 6]);
      const nextNeeded = (position: number): number => (useless.has(position) ? nextNeeded(position + 1) : position);
      const seen = follow(store, 0, 2, nextNeeded);
      await seen.until(3);
      await store.append(appendOf('voucher-2', 0, 6, 7));
      await seen.until(4);
      await seen.stop();
      expect(seen.positions()).toEqual([2, 3, 5, 7]);
    });

    it('neither skip nor repeat while several stores append', async () => {
      const writers = [under().store, await under().openAnother()];
      const reader = await under().openAnother();
      const writing = writers.flatMap((store, w) =>
        range(0, 4).map(async (lane) => {
          for (const i of range(0, 40))
            await store.append(appendOf(`card-${w}-${lane}`, i, w * 1_000 + lane * 100 + i));
        }),
      );
      const early = follow(reader, 0, 7);
      const late = follow(under().store, 100);
      await Promise.all(writing);
      await Promise.all([early.until(320), late.until(220)]);
      await Promise.all([early.stop(), late.stop()]);
      expect(early.positions()).toEqual(range(0, 320));
      expect(late.positions()).toEqual(range(100, 320));
      expect(early.largestBatch()).toBeLessThanOrEqual(7);
    });

    it('resume from the position after the last that was handled', async () => {
      const { store } = under();
      await store.append(appendOf('voucher-1', 0, ...range(0, 10)));
      const before = follow(store, 0, 4);
      await before.until(4);
      await before.stop();
      const handled = before.events.length;
      await store.append(appendOf('voucher-1', 10, 10));
      const after = follow(store, handled, 4);
      await after.until(11 - handled);
      await after.stop();
      expect([...before.positions(), ...after.positions()]).toEqual(range(0, 11));
    });

    it('hand over the next batch only after the handler has finished with the one before', async () => {
      const { store } = under();
      await store.append(appendOf('voucher-1', 0, ...range(0, 9)));
      const ending = new AbortController();
      let running = 0;
      const overlaps: number[] = [];
      await store.subscribe({
        from: 0,
        batchSize: 2,
        signal: ending.signal,
        handle: async (events) => {
          running += 1;
          overlaps.push(running);
          await new Promise((resolve) => setTimeout(resolve, 2));
          running -= 1;
          if (events.some((event) => event.position === 8)) ending.abort();
        },
      });
      expect(overlaps.length).toBeGreaterThanOrEqual(5);
      expect(new Set(overlaps)).toEqual(new Set([1]));
    });

    it('resolve on abort, after the handler has finished, and deliver nothing more', async () => {
      const { store } = under();
      await store.append(appendOf('voucher-1', 0, 0, 1));
      const ending = new AbortController();
      const handled: number[] = [];
      await store.subscribe({
        from: 0,
        batchSize: 1,
        signal: ending.signal,
        handle: async ([event]) => {
          ending.abort();
          await new Promise((resolve) => setTimeout(resolve, 5));
          handled.push(event?.position ?? -1);
        },
      });
      expect(handled).toEqual([0]);
    });

    it('resolve at once when the signal was aborted before', async () => {
      const { store } = under();
      await store.append(appendOf('voucher-1', 0, 0));
      const handled: unknown[] = [];
      const handle = async (events: readonly StoredEvent[]): Promise<void> => void handled.push(events);
      await store.subscribe({ from: 0, signal: AbortSignal.abort(), handle });
      expect(handled).toEqual([]);
    });

    it('resolve on abort while they wait for new events', async () => {
      const seen = follow(under().store, 0);
      await new Promise((resolve) => setTimeout(resolve, 20));
      await seen.stop();
      expect(seen.events).toEqual([]);
    });

    it('reject with what the handler threw and deliver nothing more', async () => {
      const { store } = under();
      await store.append(appendOf('voucher-1', 0, ...range(0, 6)));
      const failure = new Error('the read model is broken');
      const handled: number[] = [];
      const running = store.subscribe({
        from: 0,
        batchSize: 2,
        signal: new AbortController().signal,
        handle: async (events) => {
          handled.push(...events.map((event) => event.position));
          if (handled.length === 4) throw failure;
        },
      });
      await expect(running).rejects.toBe(failure);
      await store.append(appendOf('voucher-2', 0, 6));
      expect(handled).toEqual([0, 1, 2, 3]);
    });
  });
}

interface Follower {
  readonly events: StoredEvent[];
  positions(): number[];
  largestBatch(): number;
  /** Resolves when so many events have arrived; rejects if the subscription fails before. */
  until(count: number): Promise<void>;
  stop(): Promise<void>;
}

function follow(
  store: EventStore,
  from: number,
  batchSize?: number,
  nextNeeded?: (position: number) => number,
): Follower {
  const ending = new AbortController();
  const events: StoredEvent[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  let largest = 0;
  const handle = async (batch: readonly StoredEvent[]): Promise<void> => {
    events.push(...batch.map(plain));
    largest = Math.max(largest, batch.length);
    for (const waiter of waiting) if (events.length >= waiter.count) waiter.resolve();
  };
  const options = { ...(batchSize && { batchSize }), ...(nextNeeded && { nextNeeded }) };
  const running = store.subscribe({ from, handle, signal: ending.signal, ...options });
  running.catch(() => undefined);
  return {
    events,
    positions: () => events.map((event) => event.position),
    largestBatch: () => largest,
    until: async (count) => {
      const reached = new Promise<void>((resolve) => {
        if (events.length >= count) resolve();
        else waiting.push({ count, resolve });
      });
      await Promise.race([reached, running]);
      expect(events.length).toBeGreaterThanOrEqual(count);
    },
    stop: async () => {
      ending.abort();
      await running;
    },
  };
}

import { describe, expect, it } from '@jest/globals';
import { appendOf, everything, plain, range, sampleEvent, sampleEvents, sampleId, storedAs } from './samples.js';
import type { Under } from './samples.js';

export function bulkContract(under: Under): void {
  describe('appendMany', () => {
    it('stores many streams and answers in the order given, positions ascending', async () => {
      const { store } = under();
      await store.append(appendOf('voucher-2', 0, 100));
      const outcomes = await store.appendMany([
        appendOf('voucher-1', 0, 1, 2),
        appendOf('voucher-2', 1, 3),
        appendOf('voucher-3', 0, 4),
      ]);
      expect(outcomes).toEqual([
        { status: 'appended', firstPosition: 1, version: 2 },
        { status: 'appended', firstPosition: 3, version: 2 },
        { status: 'appended', firstPosition: 4, version: 1 },
      ]);
      expect(await everything(store)).toStrictEqual([
        storedAs(sampleEvent(100), 0, 'voucher-2', 1),
        storedAs(sampleEvent(1), 1, 'voucher-1', 1),
        storedAs(sampleEvent(2), 2, 'voucher-1', 2),
        storedAs(sampleEvent(3), 3, 'voucher-2', 2),
        storedAs(sampleEvent(4), 4, 'voucher-3', 1),
      ]);
    });

    it('stores what can be stored and answers the rest one by one, without a gap', async () => {
      const { store } = under();
      await store.append(appendOf('voucher-1', 0, 1));
      const outcomes = await store.appendMany([
        appendOf('voucher-2', 0, 2),
        appendOf('voucher-1', 0, 3),
        appendOf('voucher-3', 0, 4, 5),
        appendOf('voucher-4', 0, 6, 1),
        appendOf('voucher-5', 2, 7),
        appendOf('voucher-6', 0, 8),
      ]);
      expect(outcomes).toEqual([
        { status: 'appended', firstPosition: 1, version: 1 },
        { status: 'version_conflict', actualVersion: 1 },
        { status: 'appended', firstPosition: 2, version: 2 },
        { status: 'event_exists', eventId: sampleId(1) },
        { status: 'version_conflict', actualVersion: 0 },
        { status: 'appended', firstPosition: 4, version: 1 },
      ]);
      expect((await everything(store)).map((event) => event.id)).toEqual([1, 2, 4, 5, 8].map(sampleId));
      expect((await everything(store)).map((event) => event.position)).toEqual(range(0, 5));
    });

    it('passes over what is stored already among streams that begin', async () => {
      const { store } = under();
      await store.append(appendOf('voucher-2', 0, 1));
      const outcomes = await store.appendMany([
        appendOf('voucher-1', 0, 2, 3),
        appendOf('voucher-2', 0, 4),
        appendOf('voucher-3', 0, 1),
        appendOf('voucher-4', 0, 5),
      ]);
      expect(outcomes).toEqual([
        { status: 'appended', firstPosition: 1, version: 2 },
        { status: 'version_conflict', actualVersion: 1 },
        { status: 'event_exists', eventId: sampleId(1) },
        { status: 'appended', firstPosition: 3, version: 1 },
      ]);
      expect((await everything(store)).map(({ position, stream }) => [position, stream])).toEqual([
        [0, 'voucher-2'],
        [1, 'voucher-1'],
        [2, 'voucher-1'],
        [3, 'voucher-4'],
      ]);
    });

    it('takes its appends one after the other when two of them hold one event id', async () => {
      const { store } = under();
      const outcomes = await store.appendMany([
        appendOf('voucher-1', 5, 1),
        appendOf('voucher-2', 0, 1),
        appendOf('voucher-3', 0, 1),
        appendOf('voucher-4', 0, 2),
      ]);
      expect(outcomes).toEqual([
        { status: 'version_conflict', actualVersion: 0 },
        { status: 'appended', firstPosition: 0, version: 1 },
        { status: 'event_exists', eventId: sampleId(1) },
        { status: 'appended', firstPosition: 1, version: 1 },
      ]);
      expect((await everything(store)).map((event) => event.stream)).toEqual(['voucher-2', 'voucher-4']);
    });

    it('answers event_exists throughout when a finished call is repeated', async () => {
      const { store } = under();
      const appends = [appendOf('voucher-1', 0, 1), appendOf('voucher-2', 0, 2)];
      await store.appendMany(appends);
      expect(await store.appendMany(appends)).toEqual([
        { status: 'event_exists', eventId: sampleId(1) },
        { status: 'event_exists', eventId: sampleId(2) },
      ]);
      expect(await store.head()).toBe(2);
    });

    it('stores thousands of appends of several events each', async () => {
      const { store } = under();
      const appends = range(0, 2_000).map((i) => ({
        stream: `voucher-${i}`,
        expectedVersion: 0,
        events: sampleEvents(i * 3, 3),
      }));
      const outcomes = await store.appendMany(appends);
      expect(outcomes).toEqual(range(0, 2_000).map((i) => ({ status: 'appended', firstPosition: i * 3, version: 3 })));
      expect(await store.head()).toBe(6_000);
      expect((await store.readStream('voucher-1999')).map(plain)).toStrictEqual(
        range(0, 3).map((k) => storedAs(sampleEvent(5_997 + k), 5_997 + k, 'voucher-1999', k + 1)),
      );
    }, 120_000);

    it('answers an empty call with an empty array', async () => {
      expect(await under().store.appendMany([])).toEqual([]);
    });
  });
}

import { describe, expect, it } from '@jest/globals';
import { appendOf, everything, plain, sampleEvent, sampleEvents, sampleId, sealedEvent, storedAs } from './samples.js';
import type { Under } from './samples.js';

export function appendContract(under: Under): void {
  describe('append', () => {
    it('stores the events of one append with consecutive positions and versions, bytes verbatim', async () => {
      const { store } = under();
      const events = [sampleEvent(1), sealedEvent(2), sampleEvent(3)];
      expect(await store.append({ stream: 'voucher-1', expectedVersion: 0, events })).toEqual({
        status: 'appended',
        firstPosition: 0,
        version: 3,
      });
      expect((await store.readStream('voucher-1')).map(plain)).toStrictEqual(
        events.map((event, i) => storedAs(event, i, 'voucher-1', i + 1)),
      );
      expect(await store.head()).toBe(3);
    });

    it('numbers positions over all streams and versions within each', async () => {
      const { store } = under();
      await store.append(appendOf('voucher-1', 0, 1, 2));
      expect(await store.append(appendOf('voucher-2', 0, 3))).toEqual({
        status: 'appended',
        firstPosition: 2,
        version: 1,
      });
      expect(await store.append(appendOf('voucher-1', 2, 4))).toEqual({
        status: 'appended',
        firstPosition: 3,
        version: 3,
      });
      expect(await everything(store)).toStrictEqual([
        storedAs(sampleEvent(1), 0, 'voucher-1', 1),
        storedAs(sampleEvent(2), 1, 'voucher-1', 2),
        storedAs(sampleEvent(3), 2, 'voucher-2', 1),
        storedAs(sampleEvent(4), 3, 'voucher-1', 3),
      ]);
    });

    it.each([
      ['behind', 1],
      ['ahead', 3],
      ['for a new stream', 0],
    ])('answers version_conflict and stores nothing when the expected version is %s', async (_, expectedVersion) => {
      const { store } = under();
      await store.append(appendOf('voucher-1', 0, 1, 2));
      expect(await store.append(appendOf('voucher-1', expectedVersion, 3))).toEqual({
        status: 'version_conflict',
        actualVersion: 2,
      });
      expect(await store.head()).toBe(2);
      expect(await store.readEvent(sampleId(3))).toBeUndefined();
    });

    it('answers version_conflict with 0 for a stream that does not exist', async () => {
      expect(await under().store.append(appendOf('voucher-1', 1, 1))).toEqual({
        status: 'version_conflict',
        actualVersion: 0,
      });
      expect(await under().store.versionsOf(['voucher-1'])).toEqual(new Map([['voucher-1', 0]]));
    });

    it('leaves no gap in the positions after appends that stored nothing', async () => {
      const { store } = under();
      await store.append(appendOf('voucher-1', 0, 1));
      await store.append(appendOf('voucher-1', 0, 2));
      await store.append(appendOf('voucher-2', 0, 1));
      expect(await store.append(appendOf('voucher-3', 0, 3))).toEqual({
        status: 'appended',
        firstPosition: 1,
        version: 1,
      });
      expect((await everything(store)).map((event) => event.position)).toEqual([0, 1]);
    });

    it('answers event_exists when an id is stored already, in whatever stream, and stores none of the events', async () => {
      const { store } = under();
      await store.append(appendOf('voucher-1', 0, 1, 2));
      expect(await store.append(appendOf('voucher-2', 0, 3, 2, 1))).toEqual({
        status: 'event_exists',
        eventId: sampleId(2),
      });
      expect(await store.readStream('voucher-2')).toEqual([]);
      expect(await store.readEvent(sampleId(3))).toBeUndefined();
      expect(await store.head()).toBe(2);
    });

    it('answers event_exists to a repeated append, before version_conflict', async () => {
      const { store } = under();
      await store.append(appendOf('voucher-1', 0, 1));
      expect(await store.append(appendOf('voucher-1', 0, 1))).toEqual({
        status: 'event_exists',
        eventId: sampleId(1),
      });
      expect(await store.readStream('voucher-1')).toHaveLength(1);
    });

    it('stores 1,000 events in one append', async () => {
      const { store } = under();
      const events = sampleEvents(0, 1000);
      expect(await store.append({ stream: 'fund-1', expectedVersion: 0, events })).toEqual({
        status: 'appended',
        firstPosition: 0,
        version: 1000,
      });
      expect((await store.readStream('fund-1')).map(plain)).toStrictEqual(
        events.map((event, i) => storedAs(event, i, 'fund-1', i + 1)),
      );
    });
  });
}

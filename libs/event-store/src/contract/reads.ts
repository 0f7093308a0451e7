import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  appendOf,
  everything,
  plain,
  range,
  sampleBytes,
  sampleEvent,
  sampleEvents,
  sampleId,
  sealedEvent,
  storedAs,
} from './samples.js';
import type { ReadAllOptions, StoredEvent } from '../port.js';
import type { Under } from './samples.js';

export function readContract(under: Under): void {
  describe('reading streams', () => {
    beforeEach(async () => {
      const { store } = under();
      await store.append(appendOf('voucher-1', 0, 1, 2));
      await store.append({ stream: 'voucher-2', expectedVersion: 0, events: [sealedEvent(3)] });
      await store.append(appendOf('voucher-1', 2, 4));
    });
    const first = [
      storedAs(sampleEvent(1), 0, 'voucher-1', 1),
      storedAs(sampleEvent(2), 1, 'voucher-1', 2),
      storedAs(sampleEvent(4), 3, 'voucher-1', 3),
    ];
    const second = [storedAs(sealedEvent(3), 2, 'voucher-2', 1)];

    it('gives a stream in order, from a version on, or nothing', async () => {
      const { store } = under();
      expect((await store.readStream('voucher-1')).map(plain)).toStrictEqual(first);
      expect((await store.readStream('voucher-1', { fromVersion: 1 })).map(plain)).toStrictEqual(first);
      expect((await store.readStream('voucher-1', { fromVersion: 3 })).map(plain)).toStrictEqual(first.slice(2));
      expect(await store.readStream('voucher-1', { fromVersion: 4 })).toEqual([]);
      expect(await store.readStream('voucher-9')).toEqual([]);
    });

    it('keeps concurrent readers apart, whatever versions they ask for', async () => {
      const { store } = under();
      const results = await Promise.all([
        store.readStream('voucher-1'),
        store.readStream('voucher-2'),
        store.readStream('voucher-1', { fromVersion: 2 }),
        store.readStream('voucher-9'),
        store.readStream('voucher-1', { fromVersion: 9 }),
      ]);
      expect(results.map((events) => events.map(plain))).toStrictEqual([first, second, first.slice(1), [], []]);
    });

    it('does not take a stream for another whose name begins alike or differs in case', async () => {
      const { store } = under();
      await store.append(appendOf('voucher-10', 0, 5));
      await store.append(appendOf('Voucher-1', 0, 6));
      expect(await store.readStream('voucher-1')).toHaveLength(3);
      expect(await store.versionsOf(['voucher-', 'Voucher-1'])).toEqual(
        new Map([
          ['voucher-', 0],
          ['Voucher-1', 1],
        ]),
      );
    });

    it('gives many streams at once, an entry for each that was asked for', async () => {
      const { store } = under();
      const streams = await store.readStreams(['voucher-2', 'voucher-9', 'voucher-1', 'voucher-2']);
      expect(streams.size).toBe(3);
      expect(streams.get('voucher-1')?.map(plain)).toStrictEqual(first);
      expect(streams.get('voucher-2')?.map(plain)).toStrictEqual(second);
      expect(streams.get('voucher-9')).toEqual([]);
      expect((await store.readStreams([])).size).toBe(0);
    });

    it('gives the versions of many streams, 0 for one that does not exist', async () => {
      const { store } = under();
      expect(await store.versionsOf(['voucher-1', 'voucher-9', 'voucher-2'])).toEqual(
        new Map([
          ['voucher-1', 3],
          ['voucher-9', 0],
          ['voucher-2', 1],
        ]),
      );
      expect(await store.versionsOf([])).toEqual(new Map());
    });

    it('finds an event by its id', async () => {
      const { store } = under();
      expect(
        (await store.readEvent(sampleId(3))) && plain((await store.readEvent(sampleId(3))) as StoredEvent),
      ).toStrictEqual(second[0]);
      expect(await store.readEvent(sampleId(99))).toBeUndefined();
    });

    it('does not change what is stored when a caller changes its arrays', async () => {
      const { store } = under();
      const bytes = sampleBytes(5, 20);
      const sealed = sampleBytes(6, 20);
      const stored = store.append({
        stream: 'card-1',
        expectedVersion: 0,
        events: [{ id: sampleId(50), bytes, sealed }],
      });
      await stored;
      bytes.fill(0);
      sealed.fill(0);
      (await store.readEvent(sampleId(50)))?.bytes.fill(1);
      const kept = (await store.readStream('card-1')).map(plain);
      expect(kept.map((event) => [event.bytes, event.sealed])).toStrictEqual([
        [sampleBytes(5, 20), sampleBytes(6, 20)],
      ]);
    });
  });

  describe('readAll', () => {
    const total = 250;
    beforeEach(async () => {
      const { store } = under();
      await store.append({ stream: 'fund-1', expectedVersion: 0, events: sampleEvents(0, total) });
    });
    const batches = async (options?: ReadAllOptions): Promise<number[][]> => {
      const positions: number[][] = [];
      for await (const batch of under().store.readAll(options)) positions.push(batch.map((event) => event.position));
      return positions;
    };

    it('gives every event once, in order, with all its fields', async () => {
      expect(await everything(under().store)).toStrictEqual(
        range(0, total).map((i) => storedAs(sampleEvent(i), i, 'fund-1', i + 1)),
      );
    });

    it('keeps to the window and to the batch size', async () => {
      const read = await batches({ from: 17, before: 201, batchSize: 50 });
      expect(read.flat()).toEqual(range(17, 201));
      for (const batch of read) {
        expect(batch.length).toBeGreaterThan(0);
        expect(batch.length).toBeLessThanOrEqual(50);
      }
    });

    it.each<[string, ReadAllOptions, number[]]>([
      ['one event', { from: 3, before: 4 }, [3]],
      ['an empty window', { from: 9, before: 9 }, []],
      ['a window that ends before it begins', { from: 9, before: 5 }, []],
      ['a window beyond the head', { from: 250, before: 300 }, []],
      ['a window across the head', { from: 248, before: 300 }, [248, 249]],
    ])('reads %s', async (_, options, positions) => {
      expect((await batches(options)).flat()).toEqual(positions);
    });

    it('ends at the head as it was when the reading began', async () => {
      const { store } = under();
      const seen: number[] = [];
      let next = total;
      for await (const batch of store.readAll({ batchSize: 100 })) {
        seen.push(...batch.map((event) => event.position));
        await store.append(appendOf('fund-1', next, next));
        next += 1;
      }
      expect(seen).toEqual(range(0, total));
    });

    it('gives the leaves alone, in the same windows', async () => {
      const { store } = under();
      await store.append({ stream: 'voucher-1', expectedVersion: 0, events: [sealedEvent(total)] });
      for (const options of [undefined, { from: 17, before: 201, batchSize: 50 }, { from: 9, before: 9 }]) {
        const leaves: Uint8Array[] = [];
        for await (const batch of store.readLeaves(options)) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(options?.batchSize ?? 2_000);
          // A batch holds only until the next one is asked for.
          leaves.push(...batch.map((leaf) => new Uint8Array(leaf)));
        }
        const { from = 0, before = total + 1 } = options ?? {};
        expect(leaves).toEqual(range(from, before).map((n) => sampleEvent(n).bytes));
      }
    });

    it('keeps a batch of leaves as it is until the next one is asked for', async () => {
      const { store } = under();
      let seen = 0;
      for await (const batch of store.readLeaves({ batchSize: 20 })) {
        // Long enough for a reading ahead to arrive.
        await store.head();
        await store.readStream('fund-1', { fromVersion: total });
        for (const leaf of batch) expect(new Uint8Array(leaf)).toEqual(sampleEvent(seen++).bytes);
      }
      expect(seen).toBe(total);
    });

    it('can be left early and begun again', async () => {
      const { store } = under();
      for await (const batch of store.readAll({ batchSize: 10 })) {
        expect(batch.map((event) => event.position)).toEqual(range(0, 10));
        break;
      }
      expect((await batches({ batchSize: 99 })).flat()).toEqual(range(0, total));
    });
  });
}

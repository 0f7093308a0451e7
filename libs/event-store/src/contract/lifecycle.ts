import { describe, expect, it } from '@jest/globals';
import { accepted, appendOf, range, refused, sampleId } from './samples.js';
import { StoreUnavailable } from '../port.js';
import type { Under } from './samples.js';

export function lifecycleContract(under: Under): void {
  describe('close', () => {
    it('finishes what was handed over', async () => {
      const store = await under().openAnother();
      const appends = range(0, 30).map((i) => store.append(appendOf(`voucher-${i}`, 0, i)));
      await store.close();
      expect((await Promise.all(appends)).map((outcome) => outcome.status)).toEqual(Array(30).fill('appended'));
      expect(await under().store.head()).toBe(30);
    });

    it('makes every later call reject with StoreUnavailable, and can be repeated', async () => {
      const store = await under().openAnother();
      await store.append(appendOf('voucher-1', 0, 1));
      await store.close();
      await store.close();
      const calls: (() => Promise<unknown>)[] = [
        () => store.append(appendOf('voucher-1', 1, 2)),
        () => store.appendMany([appendOf('voucher-1', 1, 2)]),
        () => store.refuse(refused(1)),
        () => store.outcomeOf(accepted(1).commandId),
        () => store.readStream('voucher-1'),
        () => store.readStreams(['voucher-1']),
        () => store.versionsOf(['voucher-1']),
        () => store.readEvent(sampleId(1)),
        () => firstOf(store.readAll()),
        () => firstOf(store.readLeaves()),
        () => store.head(),
        () => store.subscribe({ from: 0, handle: async () => undefined, signal: new AbortController().signal }),
      ];
      for (const call of calls) await expect(call()).rejects.toThrow(StoreUnavailable);
    });

    it('ends a subscription with StoreUnavailable', async () => {
      const store = await under().openAnother();
      const running = store.subscribe({ from: 0, handle: async () => undefined, signal: new AbortController().signal });
      const ended = expect(running).rejects.toThrow(StoreUnavailable);
      await store.close();
      await ended;
    });

    it('leaves the other stores on the same data alone', async () => {
      const store = await under().openAnother();
      await store.append(appendOf('voucher-1', 0, 1));
      await store.close();
      expect(await under().store.append(appendOf('voucher-1', 1, 2))).toEqual({
        status: 'appended',
        firstPosition: 1,
        version: 2,
      });
    });
  });
}

async function firstOf(batches: AsyncIterable<unknown>): Promise<unknown> {
  for await (const batch of batches) return batch;
  return undefined;
}

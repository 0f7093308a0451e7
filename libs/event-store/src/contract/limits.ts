import { describe, expect, it } from '@jest/globals';
import { accepted, appendOf, everything, plain, refused, sampleBytes, sampleEvents, sampleId } from './samples.js';
import type { Append, EventStore, NewEvent, ReadAllOptions } from '../port.js';
import type { Under } from './samples.js';

const withEvent = (event: Partial<NewEvent>): Append => ({
  stream: 'voucher-1',
  expectedVersion: 0,
  events: [{ id: sampleId(1), bytes: sampleBytes(1, 10), ...event }],
});
const withEvents = (events: readonly NewEvent[]): Append => ({ stream: 'voucher-1', expectedVersion: 0, events });
const large = (count: number): NewEvent[] =>
  sampleEvents(0, count).map((event) => ({ ...event, bytes: new Uint8Array(1), sealed: new Uint8Array(1_048_576) }));

const badAppends: readonly [string, Append, typeof TypeError | typeof RangeError][] = [
  ['no events', withEvents([]), RangeError],
  ['1,001 events', withEvents(sampleEvents(0, 1_001)), RangeError],
  ['no bytes', withEvent({ bytes: new Uint8Array() }), RangeError],
  ['65,536 bytes', withEvent({ bytes: new Uint8Array(65_536) }), RangeError],
  ['sealed without bytes', withEvent({ sealed: new Uint8Array() }), RangeError],
  ['sealed of 1,048,577 bytes', withEvent({ sealed: new Uint8Array(1_048_577) }), RangeError],
  ['more than 16 MiB', withEvents(large(16)), RangeError],
  ['bytes that are text', withEvent({ bytes: '{"a":1}' as unknown as Uint8Array }), TypeError],
  ['an id that is no UUID', withEvent({ id: 'event-1' }), TypeError],
  ['an id in upper case', withEvent({ id: 'ABCDEF00-0000-4000-8000-000000000000' }), TypeError],
  ['one id twice', withEvents([...sampleEvents(1, 2), ...sampleEvents(1, 1)]), TypeError],
  ['a negative version', appendOf('voucher-1', -1, 1), RangeError],
  ['a version that is not whole', appendOf('voucher-1', 0.5, 1), RangeError],
  ['a version of 2,147,483,648', appendOf('voucher-1', 2_147_483_648, 1), RangeError],
  ['an empty stream name', appendOf('', 0, 1), TypeError],
  ['a stream name with a space', appendOf('voucher 1', 0, 1), TypeError],
  ['a stream name that is not ASCII', appendOf('券-1', 0, 1), TypeError],
  ['a stream name of 201 characters', appendOf('v'.repeat(201), 0, 1), TypeError],
  ['a refused command', { ...appendOf('voucher-1', 0, 1), command: refused(1) as never }, TypeError],
  [
    'a command id that is no UUID',
    { ...appendOf('voucher-1', 0, 1), command: { ...accepted(1), commandId: 'c' } },
    TypeError,
  ],
  [
    'a body hash of 31 bytes',
    { ...appendOf('voucher-1', 0, 1), command: { ...accepted(1), bodyHash: new Uint8Array(31) } },
    RangeError,
  ],
  [
    'an empty answer',
    { ...appendOf('voucher-1', 0, 1), command: { ...accepted(1), answer: new Uint8Array() } },
    RangeError,
  ],
];

const badReads: readonly [string, (store: EventStore) => Promise<unknown>, typeof TypeError | typeof RangeError][] = [
  ['readStream of an empty name', (store) => store.readStream(''), TypeError],
  ['readStream from version 0', (store) => store.readStream('voucher-1', { fromVersion: 0 }), RangeError],
  ['readStreams with a bad name', (store) => store.readStreams(['voucher-1', ' ']), TypeError],
  ['versionsOf with a bad name', (store) => store.versionsOf(['']), TypeError],
  ['readEvent of no UUID', (store) => store.readEvent('1'), TypeError],
  ['outcomeOf of no UUID', (store) => store.outcomeOf('1'), TypeError],
  ['readAll from -1', (store) => drain(store, { from: -1 }), RangeError],
  ['readAll before 1.5', (store) => drain(store, { before: 1.5 }), RangeError],
  ['readAll with batches of 0', (store) => drain(store, { batchSize: 0 }), RangeError],
  ['readAll with batches of 10,001', (store) => drain(store, { batchSize: 10_001 }), RangeError],
  ['subscribe from -1', (store) => subscribeFrom(store, -1), RangeError],
  ['refuse of an accepted command', (store) => store.refuse(accepted(1) as never), TypeError],
];

export function limitsContract(under: Under): void {
  describe('limits', () => {
    it.each(badAppends)('append rejects %s and stores nothing', async (_, append, fault) => {
      const { store } = under();
      await expect(store.append(append)).rejects.toThrow(fault);
      await expect(store.appendMany([appendOf('voucher-2', 0, 9), append])).rejects.toThrow(fault);
      expect(await store.head()).toBe(0);
    });

    it.each(badReads)('rejects %s', async (_, call, fault) => {
      await expect(call(under().store)).rejects.toThrow(fault);
    });

    it('appendMany rejects a stream named twice, and commands', async () => {
      const { store } = under();
      await expect(store.appendMany([appendOf('voucher-1', 0, 1), appendOf('voucher-1', 1, 2)])).rejects.toThrow(
        TypeError,
      );
      await expect(store.appendMany([{ ...appendOf('voucher-1', 0, 1), command: accepted(1) }])).rejects.toThrow(
        TypeError,
      );
      expect(await store.head()).toBe(0);
    });

    it('stores what lies just within the limits, verbatim', async () => {
      const { store } = under();
      const smallest = { id: sampleId(1), bytes: Uint8Array.of(0), sealed: Uint8Array.of(255) };
      const largest = { id: sampleId(2), bytes: sampleBytes(3, 65_535), sealed: sampleBytes(4, 1_048_576) };
      const stream = `v${'~'.repeat(199)}`;
      const command = { ...accepted(1), answer: sampleBytes(9, 65_535) };
      await store.append({ stream, expectedVersion: 0, events: [smallest, largest], command });
      const events = (await everything(store)).map(plain);
      expect(events.map(({ id, stream: name, version }) => [id, name, version])).toEqual([
        [sampleId(1), stream, 1],
        [sampleId(2), stream, 2],
      ]);
      [smallest, largest].forEach((event, i) => {
        expect(Buffer.compare(events[i]?.bytes ?? new Uint8Array(), event.bytes)).toBe(0);
        expect(Buffer.compare(events[i]?.sealed ?? new Uint8Array(), event.sealed)).toBe(0);
      });
      const outcome = await store.outcomeOf(command.commandId);
      expect(Buffer.compare(outcome?.answer ?? new Uint8Array(), command.answer)).toBe(0);
    });

    it('stores an append of nearly 16 MiB', async () => {
      const { store } = under();
      expect(await store.append(withEvents(large(15)))).toEqual({ status: 'appended', firstPosition: 0, version: 15 });
      const events = await store.readStream('voucher-1');
      expect(events.map((event) => event.sealed?.length)).toEqual(Array(15).fill(1_048_576));
    });

    it('spares the appends that are handed over together with a malformed one', async () => {
      const { store } = under();
      const [good, bad, other] = await Promise.allSettled([
        store.append(appendOf('voucher-1', 0, 1)),
        store.append(withEvent({ bytes: new Uint8Array(65_536) })),
        store.append(appendOf('voucher-2', 0, 2)),
      ]);
      expect([good.status, bad.status, other.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await store.head()).toBe(2);
    });
  });
}

async function drain(store: EventStore, options: ReadAllOptions): Promise<void> {
  for await (const batch of store.readAll(options)) expect(batch.length).toBeGreaterThan(0);
}

function subscribeFrom(store: EventStore, from: number): Promise<void> {
  return store.subscribe({ from, handle: async () => undefined, signal: new AbortController().signal });
}

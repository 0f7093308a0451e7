import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startKurrentServer, type KurrentServer } from '@aidtrail/testing/kurrentdb';
import { accepted, appendOf, everything, range, sampleBytes, sampleEvents, sampleId } from '../contract/samples.js';
import type { CopyableStore } from '../copying/copyable-store.js';
import { StoreUnavailable } from '../port.js';
import { Connection } from './connection.js';
import { createKurrentEventStore } from './kurrent-event-store.js';
import { Sequencer } from './sequencer.js';

let server: KurrentServer;
let store: CopyableStore;

beforeEach(async () => {
  server = await startKurrentServer();
  store = createKurrentEventStore({ connectionString: server.connectionString });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await store.close();
  await server.stop();
});

/** Something of another program in the same KurrentDB. */
function writeForeign(count: number, type = 'weather', metadata: Uint8Array = new Uint8Array()): void {
  const proposals = range(0, count).map((i) => ({
    id: sampleId(5_000_000 + server.memory.log.length + i),
    type,
    isJson: false,
    data: sampleBytes(i, 10),
    metadata,
  }));
  server.memory.append('weather', 'any', proposals);
}

describe('reading', () => {
  it('passes many events of others in few trips', async () => {
    await store.append(appendOf('voucher-1', 0, 1));
    writeForeign(20_000);
    await store.append(appendOf('voucher-1', 1, 2));
    const trips = jest.spyOn(Connection.prototype, 'readAll');
    expect(await everything(store)).toHaveLength(2);
    expect(trips.mock.calls.length).toBeLessThan(20);
  });

  it('takes fewer events at a time where the encrypted part of each is large', async () => {
    const sealed = sampleBytes(0, 40_000);
    for (const i of range(0, 30)) {
      const events = sampleEvents(i * 20, 20).map((event) => ({ ...event, sealed }));
      await store.append({ stream: `voucher-${i}`, expectedVersion: 0, events });
    }
    const asked = jest.spyOn(Connection.prototype, 'readAll');
    expect(await everything(store)).toHaveLength(600);
    const counts = asked.mock.calls.map(([, count]) => count);
    // 8 MiB hold about 210 of them, and the first page held 250.
    expect(Math.max(...counts.slice(1))).toBeLessThan(230);
  });
});

describe('reading the outcomes', () => {
  it('takes fewer events at a time where the encrypted part of each is large', async () => {
    const sealed = sampleBytes(0, 40_000);
    // Few enough in one append that all of it stays in the metadata of the events.
    for (const i of range(0, 60)) {
      const events = sampleEvents(i * 10, 10).map((event) => ({ ...event, sealed }));
      await store.append({ stream: `voucher-${i}`, expectedVersion: 0, events });
    }
    const asked = jest.spyOn(Connection.prototype, 'readAll');
    for await (const outcomes of store.readOutcomes()) expect(outcomes).toEqual([]);
    const counts = asked.mock.calls.map(([, count]) => count);
    expect(counts.length).toBeGreaterThan(2);
    expect(Math.max(...counts.slice(1))).toBeLessThan(230);
  });
});

describe('a store that cannot count any more', () => {
  it('stores nothing from then on, rather than events whose places it does not know', async () => {
    await store.append(appendOf('voucher-1', 0, 1));
    writeForeign(1, 'aidtrail.commit', sampleBytes(3, 20));
    await expect(store.head()).rejects.toThrow();
    const stored = server.memory.log.length;
    await expect(store.append(appendOf('voucher-1', 1, 2))).rejects.toThrow();
    await expect(store.append(appendOf('voucher-2', 0, 3))).rejects.toThrow();
    expect(server.memory.log).toHaveLength(stored);
  });
});

describe('appends that nobody knows the outcome of', () => {
  it('leave nothing behind in memory', async () => {
    const watching = jest.spyOn(Sequencer.prototype, 'onVerdict');
    await store.append(appendOf('voucher-1', 0, 1));
    await server.stop();
    const lost = range(2, 6).map((i) => store.append({ ...appendOf(`voucher-${i}`, 0, i), command: accepted(i) }));
    for (const each of lost) await expect(each).rejects.toThrow(StoreUnavailable);
    expect(watching.mock.calls.length).toBeGreaterThan(4);
    const [sequencer] = watching.mock.contexts as unknown as { readonly verdicts: ReadonlyMap<string, unknown> }[];
    expect([...(sequencer?.verdicts.keys() ?? ['none'])]).toEqual([]);
  });
});

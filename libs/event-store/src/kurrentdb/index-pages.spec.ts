import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startKurrentServer, type KurrentServer } from '@aidtrail/testing/kurrentdb';
import { appendOf, everything, sampleBytes, sampleId } from '../contract/samples.js';
import type { EventStore } from '../port.js';
import { createKurrentEventStore } from './kurrent-event-store.js';
import { IndexUnusable, pageOf, pageStartOf, takePage } from './index-pages.js';
import { LedgerState } from './ledger-state.js';

let server: KurrentServer;
let stores: EventStore[] = [];

beforeEach(async () => {
  server = await startKurrentServer();
});
afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()));
  stores = [];
  await server.stop();
});

function open(): EventStore {
  const store = createKurrentEventStore({ connectionString: server.connectionString });
  stores.push(store);
  return store;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const recorded = (data: unknown, metadata: unknown) => ({
  id: sampleId(1),
  type: 'aidtrail.index-page',
  streamId: '_aidtrail.index',
  revision: 0n,
  data,
  metadata,
  position: undefined,
});

function fullState(): LedgerState {
  const state = new LedgerState();
  const commit = { batchId: sampleId(8), ids: [sampleId(1), sampleId(2)], commandId: sampleId(9), expectedVersion: 0 };
  state.takeBatch({ stream: 'voucher-1', lastRevision: 1, commit }, { commit: 7n, prepare: 7n });
  return state;
}

describe('a page of the index that this program did not write', () => {
  it.each([
    ['without metadata', ''],
    ['with metadata that is no JSON', 'bring milk'],
    ['with metadata that is null', 'null'],
    ['with metadata that lacks everything', '{}'],
    ['with metadata of which one part is of another kind', '{"form":1,"page":0,"marks":3}'],
  ])('%s does not keep the store from starting', async (_, metadata) => {
    await open().append(appendOf('voucher-1', 0, 1));
    const page = { id: sampleId(77), type: 'aidtrail.index-page', isJson: false, data: sampleBytes(0, 40) };
    server.memory.append('_aidtrail.index', 'any', [{ ...page, metadata: bytesOf(metadata) }]);
    const again = open();
    expect(await again.head()).toBe(1);
    expect((await everything(again)).map(({ id }) => id)).toEqual([sampleId(1)]);
  });

  it.each([undefined, null, 7, 'text', [], {}, { form: 1, page: 0 }])(
    'with metadata %p is unusable, and changes nothing',
    (metadata) => {
      const state = new LedgerState();
      for (const data of [undefined, {}, new Uint8Array()]) {
        expect(() => takePage(state, recorded(data, metadata))).toThrow(IndexUnusable);
      }
      expect(pageStartOf(state, 0)).toEqual(pageStartOf(new LedgerState(), 0));
    },
  );

  it('is told from one that it did write', () => {
    const full = fullState();
    const { data, metadata } = pageOf(full, pageStartOf(new LedgerState(), 0), []);
    const state = new LedgerState();
    takePage(state, recorded(data, metadata));
    expect([state.head, state.last]).toEqual([2, full.last]);
    expect(() =>
      takePage(new LedgerState(), recorded(data, { ...(metadata as object), marks: [[0, 'x', 'y']] })),
    ).toThrow(IndexUnusable);
  });
});

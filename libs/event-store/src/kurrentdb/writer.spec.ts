import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startKurrentServer, type KurrentServer } from '@aidtrail/testing/kurrentdb';
import { everything, sampleBytes, sampleId } from '../contract/samples.js';
import { StoreUnavailable, type Append, type EventStore } from '../port.js';
import { Connection } from './connection.js';
import { createKurrentEventStore } from './kurrent-event-store.js';

let server: KurrentServer;
let store: EventStore;

beforeEach(async () => {
  server = await startKurrentServer();
  store = createKurrentEventStore({ connectionString: server.connectionString });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await store.close();
  await server.stop();
});

/** Two parts are written before it. */
const large: Append = {
  stream: 'fund-1',
  expectedVersion: 0,
  events: [{ id: sampleId(1), bytes: sampleBytes(1, 100), sealed: sampleBytes(1, 900_000) }],
};
const partsAppends = () =>
  server.memory.log.filter(({ type }) => type === 'aidtrail.part').map(({ revision }) => Number(revision));

describe('the parts of a large append', () => {
  it.each([
    ['ends before it', -1],
    ['has gone on without it', 5],
  ])(
    'that find a stream that %s are not taken for written: nothing is stored, and the call can be repeated',
    async (_, actualRevision) => {
      const append = jest.spyOn(Connection.prototype, 'append');
      append.mockResolvedValueOnce({ written: false, actualRevision });
      await expect(store.append(large)).rejects.toThrow(StoreUnavailable);
      expect(await store.head()).toBe(0);
      expect(await store.append(large)).toMatchObject({ status: 'appended', version: 1 });
      expect(await everything(store)).toMatchObject([{ id: sampleId(1) }]);
    },
  );

  it('that are there from an attempt before are written', async () => {
    jest.spyOn(Connection.prototype, 'append').mockImplementationOnce(async function (this: Connection, ...given) {
      await this.append(...given);
      return { written: false, actualRevision: 0 };
    });
    expect(await store.append(large)).toMatchObject({ status: 'appended', version: 1 });
    expect(partsAppends()).toEqual([0, 1]);
  });

  it('whose reply is lost are sent again and written once', async () => {
    await store.head();
    server.inject({ at: 'append-committed', does: 'kill', times: 2 });
    expect(await store.append(large)).toMatchObject({ status: 'appended', version: 1 });
    expect(partsAppends()).toEqual([0, 1]);
    const [event] = await everything(store);
    expect(Buffer.from(event?.sealed ?? []).equals(large.events[0]?.sealed ?? new Uint8Array())).toBe(true);
  });
});

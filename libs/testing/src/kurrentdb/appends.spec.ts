import {
  ANY,
  binaryEvent,
  ErrorType,
  NO_STREAM,
  STREAM_EXISTS,
  type AppendExpectedRevision,
  type EventStoreDBClient,
} from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { KurrentMemory } from './memory.js';
import { startKurrentServer } from './server.js';
import { collect, gift, gifts, Opened } from './spec-client.js';

/** How a stream may be before something is appended to it. */
const states: Record<string, (client: EventStoreDBClient) => Promise<unknown>> = {
  'never written': async () => undefined,
  'two events': (client) => client.appendToStream('s', gifts(2)),
  deleted: async (client) => {
    await client.appendToStream('s', gifts(2));
    await client.deleteStream('s');
  },
  tombstoned: async (client) => {
    await client.appendToStream('s', gifts(2));
    await client.tombstoneStream('s');
  },
  'described only': (client) => client.setStreamMetadata('s', { maxCount: 5 }),
};

/** A number: written as this revision. */
type Outcome = number | 'wrong, no stream' | 'wrong, at 1' | 'deleted';
const outcomes: [keyof typeof states, AppendExpectedRevision, Outcome][] = [
  ['never written', ANY, 0],
  ['never written', NO_STREAM, 0],
  ['never written', STREAM_EXISTS, 'wrong, no stream'],
  ['never written', 0n, 'wrong, no stream'],
  ['two events', ANY, 2],
  ['two events', NO_STREAM, 'wrong, at 1'],
  ['two events', STREAM_EXISTS, 2],
  ['two events', 0n, 'wrong, at 1'],
  ['two events', 1n, 2],
  ['two events', 2n, 'wrong, at 1'],
  ['deleted', ANY, 2],
  ['deleted', NO_STREAM, 2],
  ['deleted', STREAM_EXISTS, 'deleted'],
  ['deleted', 0n, 'wrong, at 1'],
  ['deleted', 1n, 2],
  ['tombstoned', ANY, 'deleted'],
  ['tombstoned', NO_STREAM, 'deleted'],
  ['tombstoned', STREAM_EXISTS, 'deleted'],
  ['tombstoned', 1n, 'deleted'],
  ['described only', ANY, 0],
  ['described only', NO_STREAM, 0],
  ['described only', STREAM_EXISTS, 0],
  ['described only', 0n, 'wrong, no stream'],
];

const opened = new Opened();
afterEach(() => opened.close());

describe.each(['classic', 'batch', 'unknown'] as const)('appends, of a server that says %s', (appends) => {
  async function start(memory = new KurrentMemory(), maxAppendSize = 10_000): Promise<EventStoreDBClient> {
    const server = await opened.server(startKurrentServer({ appends, memory, maxAppendSize }));
    return opened.client(server.connectionString);
  }

  it.each(outcomes)('%s, expecting %s: %s', async (state, expectedRevision, outcome) => {
    const client = await start();
    await states[state]?.(client);
    const appending = client.appendToStream('s', gift(1), { expectedRevision });
    if (typeof outcome === 'number') {
      expect(await appending).toMatchObject({ success: true, nextExpectedRevision: BigInt(outcome) });
    } else if (outcome === 'deleted') {
      await expect(appending).rejects.toMatchObject({ type: ErrorType.STREAM_DELETED, streamName: 's' });
    } else {
      await expect(appending).rejects.toMatchObject({
        type: ErrorType.WRONG_EXPECTED_VERSION,
        streamName: 's',
        expectedVersion: expectedRevision,
        actualVersion: outcome === 'wrong, at 1' ? 1n : NO_STREAM,
      });
    }
  });

  it('keeps bytes, ids, types and kinds as they came, and tells the place of the last', async () => {
    const client = await start();
    const id = randomUUID();
    const data = Uint8Array.from([0, 255, 10, 128]);
    const metadata = Uint8Array.from([255, 0]);
    const result = await client.appendToStream('fund-1', [
      binaryEvent({ id: id.toUpperCase(), type: 'Signed', data, metadata }),
      gift(7),
    ]);
    const [signed, json] = (await collect(client.readStream('fund-1'))).map(({ event }) => event);
    expect(signed).toMatchObject({ id, type: 'Signed', streamId: 'fund-1', revision: 0n, isJson: false });
    expect(Buffer.from(signed?.data as Uint8Array).equals(data)).toBe(true);
    expect(Buffer.from(signed?.metadata as Uint8Array).equals(metadata)).toBe(true);
    expect(json).toMatchObject({ type: 'Gift', revision: 1n, isJson: true, data: { n: 7 }, metadata: undefined });
    expect(result).toMatchObject({ nextExpectedRevision: 1n, position: json?.position });
  });

  it('answers a repeated append with an exact revision as it did the first time, however late', async () => {
    const client = await start(new KurrentMemory({ rememberedIds: 1 }));
    const first = gifts(2);
    const original = await client.appendToStream('s', first, { expectedRevision: NO_STREAM });
    const second = gift(3);
    await client.appendToStream('s', second, { expectedRevision: 1n });
    await client.appendToStream('s', gifts(3), { expectedRevision: 2n });
    expect(await client.appendToStream('s', first, { expectedRevision: NO_STREAM })).toEqual(original);
    expect(await client.appendToStream('s', second, { expectedRevision: 1n })).toMatchObject({
      nextExpectedRevision: 2n,
    });
    expect(await collect(client.readStream('s'))).toHaveLength(6);
  });

  it('refuses ids that are known elsewhere in the stream, and batches of which a part is known', async () => {
    const client = await start();
    const [a, b] = [gift(1), gift(2)];
    await client.appendToStream('s', [a, b], { expectedRevision: NO_STREAM });
    const wrong = { type: ErrorType.WRONG_EXPECTED_VERSION, actualVersion: 1n };
    await expect(client.appendToStream('s', b, { expectedRevision: NO_STREAM })).rejects.toMatchObject(wrong);
    for (const expectedRevision of [NO_STREAM, ANY] as const) {
      const partly = client.appendToStream('s', [a, gift(9)], { expectedRevision });
      await expect(partly).rejects.toMatchObject(wrong);
    }
    expect(await collect(client.readStream('s'))).toHaveLength(2);
  });

  it('scopes ids to a stream', async () => {
    const client = await start();
    const event = gift(1);
    for (const stream of ['a', 'b']) await client.appendToStream(stream, event, { expectedRevision: ANY });
    expect(await collect(client.readStream('b'))).toHaveLength(1);
  });

  it('knows a repeated append without an exact revision only as long as it remembers the id', async () => {
    const client = await start(new KurrentMemory({ rememberedIds: 2 }));
    const event = gift(1);
    await client.appendToStream('s', event, { expectedRevision: ANY });
    const again = await client.appendToStream('s', event, { expectedRevision: ANY });
    expect(again.nextExpectedRevision).toBe(0n);
    await client.appendToStream('other', gifts(2));
    const late = await client.appendToStream('s', event, { expectedRevision: ANY });
    expect(late.nextExpectedRevision).toBe(1n);
  });

  it('refuses what is larger than its limit, and writes nothing of it', async () => {
    const client = await start();
    const big = (bytes: number) => binaryEvent({ type: 'Big', data: new Uint8Array(bytes) });
    const refused = { type: ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED, maxAppendSize: 10_000 };
    await expect(client.appendToStream('s', [big(6000), big(6000)])).rejects.toMatchObject(refused);
    await expect(client.appendToStream('s', big(10_001))).rejects.toMatchObject(refused);
    await expect(collect(client.readStream('s'))).rejects.toMatchObject({ type: ErrorType.STREAM_NOT_FOUND });
    expect(await client.appendToStream('s', big(9000))).toMatchObject({ success: true });
  });

  it('takes many appends at once, and lets one of two that race win', async () => {
    const client = await start();
    await client.appendToStream('s', gift(0));
    const race = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => client.appendToStream('s', gift(n), { expectedRevision: 0n })),
    );
    expect(race.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const apart = Array.from({ length: 40 }, (_, n) => client.appendToStream(`apart-${n}`, gifts(3)));
    expect(await Promise.all(apart)).toHaveLength(40);
  });
});

it('puts together a batch append that comes in many frames', async () => {
  const server = await opened.server(startKurrentServer());
  const client = opened.client(server.connectionString);
  const result = await client.appendToStream('s', gifts(50), { expectedRevision: NO_STREAM, batchAppendSize: 300 });
  expect(result.nextExpectedRevision).toBe(49n);
  expect((await collect(client.readStream('s'))).map(({ event }) => (event?.data as { n: number }).n)).toEqual(
    Array.from({ length: 50 }, (_, n) => n),
  );
});

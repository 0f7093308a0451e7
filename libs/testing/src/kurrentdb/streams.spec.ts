import { binaryEvent, EventStoreDBClient, jsonEvent, type ResolvedEvent } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import { startKurrentServer, type KurrentServer } from './server.js';

let server: KurrentServer;
let client: EventStoreDBClient;

beforeEach(async () => {
  server = await startKurrentServer({ appends: 'classic' });
  client = EventStoreDBClient.connectionString(server.connectionString);
});

afterEach(async () => {
  await client.dispose();
  await server.stop();
});

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
}

const gift = (n: number, id: string = randomUUID()) => jsonEvent({ type: 'Gift', id, data: { n } });

describe('appending and reading', () => {
  it('reads back what was appended', async () => {
    const id = randomUUID();
    const bytes = Uint8Array.from([0, 255, 10, 128]);
    const result = await client.appendToStream('fund-1', [
      binaryEvent({ id, type: 'Signed', data: bytes, metadata: Uint8Array.from([1, 2]) }),
      gift(7),
    ]);
    expect(result).toMatchObject({ success: true, nextExpectedRevision: 1n });
    const events = await collect<ResolvedEvent>(client.readStream('fund-1'));
    expect(events).toHaveLength(2);
    const [signed, json] = events.map(({ event }) => event);
    expect(signed).toMatchObject({ id, type: 'Signed', streamId: 'fund-1', revision: 0n, isJson: false });
    expect(Buffer.from(signed?.data as Uint8Array)).toEqual(Buffer.from(bytes));
    expect(json).toMatchObject({ type: 'Gift', revision: 1n, isJson: true, data: { n: 7 } });
    expect(result.position).toEqual(json?.position);
  });
});

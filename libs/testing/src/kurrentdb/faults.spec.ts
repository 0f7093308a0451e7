import {
  ErrorType,
  NO_STREAM,
  streamNameFilter,
  type EventStoreDBClient,
  type AppendToStreamOptions,
} from '@eventstore/db-client';
import type { Fault } from './faults.js';
import { startKurrentServer, type KurrentServer } from './server.js';
import { collect, Followed, gift, gifts, Opened } from './spec-client.js';

const opened = new Opened();
afterEach(() => opened.close());

let server: KurrentServer;
let client: EventStoreDBClient;

async function start(appends: 'classic' | 'batch'): Promise<void> {
  server = await opened.server(startKurrentServer({ appends }));
  client = opened.client(server.connectionString);
  await client.appendToStream('warm', gift(0));
}

/** How many events were written, whatever the client was told. */
function written(stream = 's'): number {
  return server.memory.stream(stream)?.events.length ?? 0;
}

const first: AppendToStreamOptions = { expectedRevision: NO_STREAM };

describe.each(['classic', 'batch'] as const)('an append (%s)', (appends) => {
  beforeEach(() => start(appends));

  const kills: [Fault['at'], number][] = [
    ['append', 0],
    ['append-half', 0],
    ['append-committed', 2],
  ];
  it.each(kills)(
    'whose connection is destroyed at %s fails with %d written, and works when repeated',
    async (at, count) => {
      server.inject({ at, does: 'kill', stream: 's' });
      const events = gifts(2);
      const appending = client.appendToStream('s', events, first);
      // The connection of a batch may be given up as cancelled, that of a single call as unavailable.
      await expect(appending).rejects.toMatchObject({
        type: expect.stringMatching(/^(unavailable|cancelled)$/) as string,
      });
      expect(written()).toBe(count);
      expect(await client.appendToStream('s', events, first)).toMatchObject({ nextExpectedRevision: 1n });
      expect(written()).toBe(2);
    },
  );

  it('whose connection is destroyed after the reply is known to be written, and the next one reconnects', async () => {
    server.inject({ at: 'append-replied', does: 'kill' });
    await client.appendToStream('s', gift(1), first).catch(() => undefined);
    let tries = 0;
    for (; tries < 5 && written() < 2; tries += 1) await client.appendToStream('s', gift(2)).catch(() => undefined);
    expect(written()).toBe(2);
  });

  it('strikes only where, when and as often as it is told', async () => {
    server.inject({ at: 'append-committed', does: 'kill', stream: 's', skip: 1, times: 1 });
    await client.appendToStream('t', gift(1));
    await client.appendToStream('s', gift(1));
    await expect(client.appendToStream('s', gift(2))).rejects.toThrow();
    await client.appendToStream('s', gift(3));
    expect(written()).toBe(3);
    server.inject({ at: 'append', does: 'kill', times: 99 });
    server.clearFaults();
    await client.appendToStream('s', gift(4));
  });
});

describe('a classic append', () => {
  beforeEach(() => start('classic'));

  it.each([
    ['append', 0],
    ['append-committed', 1],
  ] as const)('that is never answered (%s) ends at its deadline, with %d written', async (at, count) => {
    server.inject({ at, does: 'silence' });
    const appending = client.appendToStream('s', gift(1), { deadline: 150 });
    await expect(appending).rejects.toMatchObject({ type: ErrorType.DEADLINE_EXCEEDED });
    expect(written()).toBe(count);
  });

  it('waits as long as it is delayed, while others go on', async () => {
    server.inject({ at: 'append', does: 'delay', delayMs: 100, stream: 's' });
    const order: string[] = [];
    const slow = client.appendToStream('s', gift(1)).then(() => order.push('slow'));
    await client.appendToStream('t', gift(1)).then(() => order.push('fast'));
    await slow;
    expect(order).toEqual(['fast', 'slow']);
  });

  it('may be answered with errors that are no refusals', async () => {
    server.inject({ at: 'append', does: 'timeout' });
    await expect(client.appendToStream('s', gift(1))).rejects.toMatchObject({ type: ErrorType.TIMEOUT });
    server.inject({ at: 'append', does: 'unavailable' });
    await expect(client.appendToStream('s', gift(1))).rejects.toMatchObject({ type: ErrorType.UNAVAILABLE });
    expect(written()).toBe(0);
    expect(await client.appendToStream('s', gift(1))).toMatchObject({ success: true });
  });
});

describe('reading', () => {
  beforeEach(() => start('classic'));

  it('breaks off in the middle, and works when repeated', async () => {
    await client.appendToStream('s', gifts(10));
    server.inject({ at: 'read-event', does: 'kill', stream: 's', skip: 4 });
    let seen = 0;
    const reading = (async () => {
      for await (const event of client.readStream('s')) seen += event.event === undefined ? 0 : 1;
    })();
    await expect(reading).rejects.toMatchObject({ type: expect.stringMatching(/^(unavailable|cancelled)$/) as string });
    expect(seen).toBeLessThan(10);
    expect(await collect(client.readStream('s'))).toHaveLength(10);
  });

  it('tells a subscriber of a destroyed connection by an error, and of the same event twice', async () => {
    await client.appendToStream('s', gifts(3));
    const filter = streamNameFilter({ prefixes: ['s'] });
    server.inject({ at: 'subscription-event', does: 'duplicate', skip: 1 });
    const followed = new Followed(client.subscribeToAll({ filter }));
    await followed.until(({ told }) => told.includes('caught up'));
    expect(followed.events).toEqual(['s@0', 's@1', 's@1', 's@2']);
    server.inject({ at: 'subscription-event', does: 'kill' });
    await client.appendToStream('s', gift(4)).catch(() => undefined);
    await followed.until(({ errors }) => errors.length > 0);
    expect(followed.events).toHaveLength(4);
    expect(written()).toBe(4);
  });

  it('can be refused or left unanswered from the start', async () => {
    server.inject({ at: 'subscription', does: 'unavailable' });
    const refused = new Followed(client.subscribeToAll());
    await refused.until(({ errors }) => errors.length === 1);
    expect(refused.errors[0]).toMatchObject({ type: ErrorType.UNAVAILABLE });
    server.inject({ at: 'subscription', does: 'silence', stream: 's' });
    const silent = new Followed(client.subscribeToStream('s'));
    await client.appendToStream('s', gift(1));
    expect(silent.told).toEqual([]);
    await silent.subscription.unsubscribe();
  });
});

describe('a server that goes down', () => {
  it('comes back on the same port with all that it held', async () => {
    await start('classic');
    await client.appendToStream('s', gifts(3));
    const followed = new Followed(client.subscribeToAll());
    await followed.until(({ told }) => told.includes('caught up'));
    const { port } = server.endpoint;
    await server.restart(20);
    expect(server.endpoint.port).toBe(port);
    await followed.until(({ errors }) => errors.length === 1);
    let read: unknown[] = [];
    for (let tries = 0; tries < 50 && read.length === 0; tries += 1) {
      read = await collect(client.readStream('s')).catch(() => []);
    }
    expect(read).toHaveLength(3);
  });

  it('leaves its data to another one', async () => {
    await start('batch');
    await client.appendToStream('s', gifts(3));
    await server.stop();
    const next = await opened.server(startKurrentServer({ memory: server.memory }));
    const other = opened.client(next.connectionString);
    expect(await collect(other.readStream('s'))).toHaveLength(3);
  });
});

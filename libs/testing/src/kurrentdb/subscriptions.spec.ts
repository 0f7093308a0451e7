import {
  END,
  ErrorType,
  eventTypeFilter,
  excludeSystemEvents,
  jsonEvent,
  START,
  streamNameFilter,
  type EventStoreDBClient,
  type Position,
} from '@eventstore/db-client';
import { setTimeout as later } from 'node:timers/promises';
import { startKurrentServer, type KurrentServer } from './server.js';
import { Followed, gift, gifts, Opened } from './spec-client.js';

const opened = new Opened();
let server: KurrentServer;
let client: EventStoreDBClient;

beforeEach(async () => {
  server = await opened.server(startKurrentServer());
  client = opened.client(server.connectionString);
});
afterEach(() => opened.close());

async function append(stream: string, count: number): Promise<Position> {
  const { position } = await client.appendToStream(stream, gifts(count));
  if (position === undefined) throw new Error('An append has a position.');
  return position;
}

describe('a subscription to everything', () => {
  it('gives what is there, says that it has caught up, and goes on', async () => {
    await append('a', 3);
    const followed = new Followed(client.subscribeToAll({ fromPosition: START }));
    await followed.until(({ told }) => told.includes('caught up'));
    await append('b', 2);
    await followed.until(({ events }) => events.length === 5);
    expect(followed.told.filter((one) => !one.startsWith('$user-'))).toEqual([
      'confirmed',
      'a@0',
      'a@1',
      'a@2',
      'caught up',
      'b@0',
      'b@1',
    ]);
    await followed.subscription.unsubscribe();
  });

  it('begins after the position that it is given, or with what comes', async () => {
    await append('a', 1);
    const position = await append('a', 1);
    const after = new Followed(client.subscribeToAll({ fromPosition: position }));
    const live = new Followed(client.subscribeToAll({ fromPosition: END }));
    for (const one of [after, live]) await one.until(({ told }) => told.includes('caught up'));
    await append('a', 1);
    for (const one of [after, live]) {
      await one.until(({ events }) => events.length === 1);
      expect(one.told).toEqual(['confirmed', 'caught up', 'a@2']);
      await one.subscription.unsubscribe();
    }
  });

  it('misses nothing and repeats nothing while others write', async () => {
    const writing = (async () => {
      for (let n = 0; n < 300; n += 1) await append('s', 1);
    })();
    const followed = new Followed(client.subscribeToAll({ fromPosition: START }));
    await writing;
    await followed.until(({ events }) => events.length >= 300);
    expect(followed.events).toEqual(Array.from({ length: 300 }, (_, n) => `s@${n}`));
    await followed.subscription.unsubscribe();
  });

  it('filters by stream name or event type, by prefixes or an expression', async () => {
    await append('voucher-1', 1);
    await append('fund-1', 1);
    await client.appendToStream('voucher-2', jsonEvent({ type: 'Redeemed', data: {} }));
    const wanted = [
      [streamNameFilter({ prefixes: ['voucher-'] }), ['voucher-1@0', 'voucher-2@0']],
      [streamNameFilter({ regex: '^fund-\\d+$' }), ['fund-1@0']],
      [eventTypeFilter({ prefixes: ['Red', 'Bl'] }), ['voucher-2@0']],
      [excludeSystemEvents(), ['voucher-1@0', 'fund-1@0', 'voucher-2@0']],
    ] as const;
    for (const [filter, events] of wanted) {
      const followed = new Followed(client.subscribeToAll({ filter }));
      await followed.until(({ told }) => told.includes('caught up'));
      expect(followed.told.filter((one) => one.includes('@'))).toEqual(events);
      await followed.subscription.unsubscribe();
    }
  });
});

describe('checkpoints', () => {
  async function checkpointsOf(options: { checkpointInterval: number; write: () => Promise<unknown>; count: number }) {
    const reached: Position[] = [];
    const filter = streamNameFilter({
      prefixes: ['none-'],
      maxSearchWindow: 10,
      checkpointInterval: options.checkpointInterval,
      checkpointReached: (_subscription, position) => void reached.push(position),
    });
    const followed = new Followed(client.subscribeToAll({ filter }));
    await followed.until(({ told }) => told.includes('caught up'));
    const caughtUp = [...reached];
    reached.length = 0;
    await options.write();
    await followed.until(() => reached.length >= options.count);
    await followed.subscription.unsubscribe();
    return { caughtUp, live: reached };
  }

  it('come each so many events that were looked at, though none matches', async () => {
    const { live } = await checkpointsOf({ checkpointInterval: 2, write: () => append('s', 45), count: 2 });
    const at = live.map(({ commit }) => server.memory.log.findIndex(({ position }) => BigInt(position) === commit));
    expect(at).toEqual([19, 39]);
  });

  it('say "no position" at the end of a filtered catch-up in which nothing matched', async () => {
    const { caughtUp } = await checkpointsOf({ checkpointInterval: 5, write: async () => undefined, count: 0 });
    const none = 2n ** 64n - 1n;
    expect(caughtUp).toEqual([{ commit: none, prepare: none }]);
  });
});

describe('a subscription to a stream', () => {
  it('waits for a stream that does not exist yet', async () => {
    const followed = new Followed(client.subscribeToStream('s'));
    await followed.until(({ told }) => told.includes('caught up'));
    await append('other', 1);
    await append('s', 2);
    await followed.until(({ events }) => events.length === 2);
    expect(followed.events).toEqual(['s@0', 's@1']);
    await followed.subscription.unsubscribe();
  });

  it('begins after the revision that it is given', async () => {
    await append('s', 4);
    const followed = new Followed(client.subscribeToStream('s', { fromRevision: 1n }));
    await followed.until(({ told }) => told.includes('caught up'));
    expect(followed.events).toEqual(['s@2', 's@3']);
    await followed.subscription.unsubscribe();
  });

  it('ends with an error when the stream is tombstoned', async () => {
    await append('s', 1);
    const followed = new Followed(client.subscribeToStream('s'));
    await followed.until(({ told }) => told.includes('caught up'));
    await client.tombstoneStream('s');
    await followed.until(({ errors }) => errors.length === 1);
    expect(followed.errors[0]).toMatchObject({ type: ErrorType.STREAM_DELETED, streamName: 's' });
  });
});

it('sends a slow consumer no more than it takes, and all of it in the end', async () => {
  const filler = 'x'.repeat(2000);
  const events = Array.from({ length: 2000 }, () => jsonEvent({ type: 'Filler', data: { filler } }));
  for (let at = 0; at < 2000; at += 200) await client.appendToStream('s', events.slice(at, at + 200));
  const subscription = client.subscribeToAll({ filter: streamNameFilter({ prefixes: ['s'] }) });
  subscription.pause();
  let sent = -1;
  while (sent !== server.sentEvents || sent === 0) {
    sent = server.sentEvents;
    await later(100);
  }
  expect(sent).toBeLessThan(1000);
  await client.appendToStream('s', gift(1));
  const followed = new Followed(subscription);
  subscription.resume();
  await followed.until((one) => one.events.length === 2001);
  expect(followed.events).toEqual(Array.from({ length: 2001 }, (_, n) => `s@${n}`));
  await subscription.unsubscribe();
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startKurrentCluster, type KurrentServer } from '@aidtrail/testing/kurrentdb';
import {
  accepted,
  appendOf,
  everything,
  plainOutcome,
  range,
  refused,
  sampleEvents,
  sampleId,
} from '../contract/samples.js';
import { StoreUnavailable } from '../port.js';
import type { EventStore, StoredEvent } from '../port.js';
import { entriesPerPage } from './index-pages.js';
import { Opened, untilServed } from './testing/opened.js';

const opened = new Opened();
let server: KurrentServer;
let store: EventStore;
const open = (): EventStore => opened.store(server.connectionString);

beforeEach(async () => {
  server = await opened.server();
  store = open();
});
afterEach(() => opened.close());

const appendedFirst = { status: 'appended', firstPosition: 0, version: 1 };

describe('a server that is gone', () => {
  it('before an append: the outcome is unknown, and the call can be repeated when it is back', async () => {
    await store.head();
    const { memory, endpoint } = server;
    await server.stop();
    await expect(store.append(appendOf('voucher-1', 0, 1))).rejects.toThrow(StoreUnavailable);
    await expect(store.head()).rejects.toThrow(StoreUnavailable);
    await opened.server({ memory, port: endpoint.port });
    expect(await untilServed(() => store.append(appendOf('voucher-1', 0, 1)))).toEqual(appendedFirst);
  });

  it.each([
    ['before it has seen the append', 'append', 'kill'],
    ['in the middle of the append', 'append-half', 'kill'],
    ['after the commit, before the reply', 'append-committed', 'kill'],
    ['after the reply', 'append-replied', 'kill'],
    ['silent after the commit', 'append-committed', 'silence'],
    ['too busy', 'append', 'timeout'],
  ] as const)('%s: the same ids are sent again and stored once', async (_, at, does) => {
    await store.head();
    server.inject({ at, does, stream: 'voucher-1' });
    const append = { ...appendOf('voucher-1', 0, 1, 2), command: accepted(1) };
    expect(await store.append(append)).toEqual({ ...appendedFirst, version: 2 });
    expect(await store.append(append)).toEqual({ status: 'command_decided', outcome: expect.anything() });
    expect((await everything(store)).map(({ id }) => id)).toEqual([sampleId(1), sampleId(2)]);
    expect(await everything(open())).toEqual(await everything(store));
  });

  it('after the commit of one of many appends: all are stored once, in the order given', async () => {
    server.inject({ at: 'append-committed', does: 'kill', stream: 'voucher-7' });
    const outcomes = await store.appendMany(range(0, 20).map((i) => appendOf(`voucher-${i}`, 0, i)));
    expect(outcomes).toEqual(range(0, 20).map((i) => ({ status: 'appended', firstPosition: i, version: 1 })));
    expect(await store.head()).toBe(20);
  });

  it('during a refusal: it is stored once', async () => {
    await store.head();
    server.inject({ at: 'append-committed', does: 'kill' });
    expect(plainOutcome(await store.refuse(refused(1)))).toStrictEqual(refused(1));
    expect(plainOutcome(await open().outcomeOf(refused(1).commandId))).toStrictEqual(refused(1));
  });

  it('in the middle of reading: the reader learns it, and reads again', async () => {
    await store.append({ stream: 'fund-1', expectedVersion: 0, events: sampleEvents(0, 100) });
    server.inject({ at: 'read-event', does: 'kill', stream: '$all', skip: 40 });
    await expect(everything(store)).rejects.toThrow(StoreUnavailable);
    expect(await untilServed(() => everything(store))).toHaveLength(100);
  });
});

describe('a subscription', () => {
  it('neither skips nor repeats when the server restarts in the middle of it, cuts it, or sends an event twice', async () => {
    const seen: number[] = [];
    const ending = new AbortController();
    const handle = async (events: readonly StoredEvent[]): Promise<void> => {
      seen.push(...events.map(({ position }) => position));
      if (seen.length === 60) ending.abort();
    };
    const following = open().subscribe({ from: 0, batchSize: 7, lingerMilliseconds: 0, handle, signal: ending.signal });
    for (const i of range(0, 60)) {
      if (i === 10) await server.restart(30);
      if (i === 25) server.inject({ at: 'subscription-event', does: 'kill', times: 2 });
      if (i === 40) server.inject({ at: 'subscription-event', does: 'duplicate', times: 5 });
      if (i === 50) server.killConnections();
      await untilServed(() => store.append(appendOf('voucher-1', i, i)));
    }
    await following;
    expect(seen).toEqual(range(0, 60));
  });

  it('that has fallen silent is noticed by whoever waits for it, and begun again', async () => {
    await store.head();
    server.inject({ at: 'subscription-event', does: 'silence' });
    expect(await store.append(appendOf('voucher-1', 0, 1))).toEqual(appendedFirst);
  });
});

describe('a change of leader', () => {
  it('moves appends and reads to the new one', async () => {
    const cluster = await startKurrentCluster(3);
    opened.add(() => cluster.stop());
    const clustered = opened.store(cluster.connectionString);
    await clustered.append(appendOf('voucher-1', 0, 0));
    cluster.elect(1);
    expect(await untilServed(() => clustered.append(appendOf('voucher-1', 1, 1)))).toMatchObject({ version: 2 });
    await cluster.stopNode(0);
    expect(await untilServed(() => clustered.append(appendOf('voucher-1', 2, 2)))).toMatchObject({ version: 3 });
    expect((await untilServed(() => everything(clustered))).map(({ position }) => position)).toEqual([0, 1, 2]);
  });
});

describe('a server that comes back with less than it had', () => {
  it('is not gone on from: nothing is appended, and no head is told', async () => {
    expect(await store.append(appendOf('voucher-1', 0, 1))).toEqual(appendedFirst);
    const { endpoint } = server;
    await server.stop();
    await opened.server({ port: endpoint.port });
    const untilRefused = async (): Promise<unknown> => {
      for (let tries = 0; tries < 40; tries += 1) {
        const fault: unknown = await store.head().catch((error: unknown) => error);
        if (fault instanceof StoreUnavailable && fault.message.includes('older copy')) return fault;
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
      return undefined;
    };
    expect(await untilRefused()).toBeInstanceOf(StoreUnavailable);
  });
});

describe('an append over the limit of the server', () => {
  it('is refused for good, and nothing of it is stored', async () => {
    const small = opened.store((await opened.server({ maxAppendSize: 10_000 })).connectionString);
    const refusal: unknown = await small
      .append({ stream: 'fund-1', expectedVersion: 0, events: sampleEvents(0, 100) })
      .catch((error: unknown) => error);
    expect(refusal).not.toBeInstanceOf(StoreUnavailable);
    expect(String(refusal)).toContain('MaxAppendSize');
    expect(await small.head()).toBe(0);
  });
});

describe('races that only the order of $all can settle', () => {
  it('leave void events that nobody ever sees, in whatever process and after whatever start', async () => {
    const stores = range(0, 6).map(() => open());
    await Promise.all(stores.map((each) => each.head()));
    for (const round of range(0, 5)) {
      // One command, six streams: one of them wins, and the others have an event in KurrentDB that does not count.
      const outcomes = await Promise.all(
        stores.map((each, i) =>
          each.append({ ...appendOf(`voucher-${i}`, round, round * 10 + i), command: accepted(round) }),
        ),
      );
      expect(outcomes.filter(({ status }) => status === 'appended')).toHaveLength(1);
      const losers = outcomes.flatMap(({ status }, i) => (status === 'appended' ? [] : [i]));
      await Promise.all(losers.map((i) => store.append(appendOf(`voucher-${i}`, round, 1_000 + round * 10 + i))));
    }
    const written = server.memory.log.filter(({ type }) => type === 'aidtrail.commit').length;
    expect(written).toBeGreaterThan(30);
    const all = await everything(store);
    expect(all.map(({ position }) => position)).toEqual(range(0, 30));
    expect(await everything(open())).toEqual(all);
    for (const i of range(0, 6)) {
      const stream = await open().readStream(`voucher-${i}`);
      expect(stream.map(({ version }) => version)).toEqual(range(1, 6));
      expect(stream.map(({ position }) => position)).toEqual(
        all.filter((event) => event.stream === `voucher-${i}`).map(({ position }) => position),
      );
      expect((await store.readStream(`voucher-${i}`, { fromVersion: 4 })).map(({ version }) => version)).toEqual([
        4, 5,
      ]);
      expect(await open().versionsOf([`voucher-${i}`])).toEqual(new Map([[`voucher-${i}`, 5]]));
    }
  });
});

describe('a start', () => {
  const total = Math.ceil((entriesPerPage * 2.5) / 1_000);
  const fill = async (): Promise<void> => {
    for (const i of range(0, total)) {
      await store.append({ stream: `fund-${i}`, expectedVersion: 0, events: sampleEvents(i * 1_000, 1_000) });
    }
    await store.append({ ...appendOf('voucher-1', 0, 900_001), command: accepted(1) });
    await store.refuse(refused(2));
    await store.close();
  };
  const looksRight = async (again: EventStore): Promise<void> => {
    expect(await again.head()).toBe(total * 1_000 + 1);
    expect((await again.readEvent(sampleId(5_017)))?.position).toBe(5_017);
    expect(await again.append(appendOf('voucher-9', 0, 5_017))).toMatchObject({ status: 'event_exists' });
    expect((await again.outcomeOf(accepted(1).commandId))?.kind).toBe('accepted');
    expect((await again.outcomeOf(refused(2).commandId))?.kind).toBe('refused');
    let seen = 8_000;
    for await (const batch of again.readAll({ from: 8_000, before: 8_500 })) {
      for (const event of batch) expect([event.position, event.id]).toEqual([seen, sampleId(seen++)]);
    }
    expect(seen).toBe(8_500);
  };

  it('goes on from the pages of the index instead of the beginning', async () => {
    await fill();
    const pages = server.memory.stream('_aidtrail.index')?.events ?? [];
    expect(pages).toHaveLength(2);
    const again = open();
    const before = server.sentEvents;
    expect(await again.head()).toBe(total * 1_000 + 1);
    // The pages, the batches after the last of them, and the end of $all.
    expect(server.sentEvents - before).toBeLessThan(15);
    await looksRight(again);
  });

  it('does without pages that are damaged', async () => {
    await fill();
    const page = server.memory.stream('_aidtrail.index')?.events[0];
    const { wire } = page as { wire: Uint8Array };
    wire[wire.length - 100] = (wire[wire.length - 100] ?? 0) ^ 1;
    await looksRight(open());
  });
});

import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  startKurrentCluster,
  startKurrentServer,
  type Fault,
  type KurrentMemory,
  type KurrentServer,
} from '@aidtrail/testing/kurrentdb';
import { appendOf, range, sampleBytes, sampleEvents, sampleId } from '../contract/samples.js';
import type { EventStore } from '../port.js';
import { Connection, type Written } from './connection.js';
import { entriesPerPage } from './index-pages.js';
import { createKurrentEventStore } from './kurrent-event-store.js';
import { PageWriter } from './page-writer.js';

const INDEX = '_aidtrail.index';

let closers: (() => Promise<unknown>)[] = [];
let server: KurrentServer;

beforeEach(async () => {
  server = await startKurrentServer();
  closers.push(() => server.stop());
});
afterEach(async () => {
  for (const close of closers.reverse()) await close();
  closers = [];
});

function writerTo(connectionString = server.connectionString): PageWriter {
  const connection = new Connection(connectionString);
  const writer = new PageWriter(connection, INDEX);
  closers.push(async () => {
    await writer.close();
    await connection.close();
  });
  return writer;
}

function pageOf(number: number, length = 100): { readonly number: number; readonly written: Written } {
  return { number, written: { id: sampleId(number), type: 'aidtrail.index-page', data: sampleBytes(number, length) } };
}

const pagesIn = (memory: KurrentMemory) => memory.stream(INDEX)?.events ?? [];

/** Waits for these pages, for at most 30 seconds; then looks again whether one comes twice. */
async function expectPages(count: number, memory = server.memory): Promise<void> {
  for (let tries = 0; pagesIn(memory).length < count && tries < 300; tries += 1) await pause(100);
  await pause(200);
  const pages = pagesIn(memory).map(({ id, revision }) => [Number(revision), id]);
  expect(pages).toEqual(range(0, count).map((number) => [number, sampleId(number)]));
}

describe('a page of the index', () => {
  it.each<[string, Omit<Fault, 'stream'>]>([
    ['whose reply is lost after the commit', { at: 'append-committed', does: 'kill' }],
    ['whose replies are lost four times', { at: 'append-committed', does: 'kill', times: 4 }],
    ['of which half has arrived when the connection dies', { at: 'append-half', does: 'kill', times: 2 }],
    ['that nobody has seen when the connection dies', { at: 'append', does: 'kill', times: 3 }],
    ['that gets no answer, though it is stored', { at: 'append-committed', does: 'silence' }],
    ['for which the server is too busy', { at: 'append', does: 'timeout', times: 4 }],
    ['for which the server is not there', { at: 'append', does: 'unavailable', times: 4 }],
  ])('%s is sent again with the same id, and is there once, before the next', async (_, fault) => {
    const writer = writerTo();
    writer.write(pageOf(0));
    await expectPages(1);
    server.inject({ ...fault, stream: INDEX });
    for (const number of [1, 2, 3]) writer.write(pageOf(number));
    await expectPages(4);
  });

  it('is sent again while the server restarts', async () => {
    const writer = writerTo();
    writer.write(pageOf(0));
    await expectPages(1);
    const restarted = server.restart(300);
    writer.write(pageOf(1));
    await restarted;
    await expectPages(2);
  });

  it('goes to the new leader when the one that is asked says that it is none any more', async () => {
    const cluster = await startKurrentCluster(3);
    closers.push(() => cluster.stop());
    const writer = writerTo(cluster.connectionString);
    writer.write(pageOf(0));
    const { memory } = cluster.nodes[0] as KurrentServer;
    await expectPages(1, memory);
    cluster.elect(1);
    writer.write(pageOf(1));
    await expectPages(2, memory);
    await cluster.stopNode(0);
    writer.write(pageOf(2));
    await expectPages(3, memory);
  });

  it('waits when the server takes it not once, and is written before what comes later', async () => {
    const writer = writerTo();
    server.inject({ at: 'append', does: 'unavailable', stream: INDEX, times: 1_000 });
    writer.write(pageOf(0));
    writer.write(pageOf(1));
    await writer.settled();
    expect(pagesIn(server.memory)).toEqual([]);
    server.clearFaults();
    writer.again();
    await expectPages(2);
    writer.write(pageOf(2));
    await expectPages(3);
  });

  it('is written once, and by whichever process is first', async () => {
    const writers = range(0, 3).map(() => writerTo());
    server.inject({ at: 'append-committed', does: 'kill', stream: INDEX, skip: 2, times: 3 });
    for (const number of range(0, 10)) for (const writer of writers) writer.write(pageOf(number));
    await expectPages(10);
  });

  it('that the server refuses for good is not sent again, nor is what would follow on it', async () => {
    const writer = writerTo();
    writer.write(pageOf(0));
    writer.write(pageOf(1, 1_200_000));
    writer.write(pageOf(2));
    await writer.settled();
    writer.again();
    await writer.settled();
    await expectPages(1);
  });

  it('that gets no answer does not hold up the end', async () => {
    const writer = writerTo();
    server.inject({ at: 'append', does: 'silence', stream: INDEX, times: 1_000 });
    writer.write(pageOf(0));
    await writer.close();
    await writer.settled();
    server.clearFaults();
    writer.again();
    await writer.settled();
    expect(pagesIn(server.memory)).toEqual([]);
  }, 20_000);
});

describe('a store whose page', () => {
  const batches = Math.ceil(entriesPerPage / 1_000);
  const fill = async (store: EventStore): Promise<void> => {
    for (const i of range(0, batches)) {
      await store.append({ stream: `fund-${i}`, expectedVersion: 0, events: sampleEvents(i * 1_000, 1_000) });
    }
  };
  const pagesAfter = async (): Promise<number> => {
    for (let tries = 0; pagesIn(server.memory).length === 0 && tries < 100; tries += 1) await pause(100);
    return pagesIn(server.memory).length;
  };

  it('was stored without a reply goes on, and a start reads the page instead of the events', async () => {
    const store = open();
    server.inject({ at: 'append-committed', does: 'kill', stream: INDEX });
    await fill(store);
    expect(await pagesAfter()).toBe(1);
    const before = server.sentEvents;
    const again = open();
    expect(await again.head()).toBe(batches * 1_000);
    // The page, the end of $all, and the last batch, which lies before the page; not the batches.
    expect(server.sentEvents - before).toBeLessThan(1 + 1 + 17 + batches / 2);
    expect((await again.readEvent(sampleId(5_017)))?.position).toBe(5_017);
  });

  it('was never written takes appends and ends all the same, and who comes next writes it', async () => {
    const store = open();
    server.inject({ at: 'append', does: 'silence', stream: INDEX, times: 1_000 });
    await fill(store);
    expect(await store.append(appendOf('voucher-1', 0, 900_001))).toMatchObject({ status: 'appended', version: 1 });
    await store.close();
    expect(pagesIn(server.memory)).toEqual([]);
    server.clearFaults();
    expect(await open().head()).toBe(batches * 1_000 + 1);
    expect(await pagesAfter()).toBe(1);
  });

  function open(): EventStore {
    const opened = createKurrentEventStore({ connectionString: server.connectionString });
    closers.push(() => opened.close());
    return opened;
  }
});

import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, NO_STREAM } from '@eventstore/db-client';
import type { EventStore, NewEvent } from '@aidtrail/event-store';
import { createKurrentEventStore } from '@aidtrail/event-store/kurrentdb';
import { forkKurrentServer } from '@aidtrail/testing/kurrentdb';
import { median, type BenchContext, type Measurement } from '../result.js';
import { inFlight } from '../world/bench-ledger.js';

const IN_FLIGHT = 64;
const LEAF_BYTES = 330;
const BATCH = 100;
const BATCHES_IN_FLIGHT = 16;
/** Without TLS nobody looks at them, but with them the client appends call by call, as the adapter does. */
const credentials = { username: '', password: '' };
const about = 'client and wire only: the server is the one of the tests, in another process, in memory';

/**
 * The adapter beside the bare client, doing the same in turns: single appends, appends of 100 events, reading all. The bare
 * client writes leaves without the record that decides about commands and ids, and counts nothing.
 */
export async function kurrent(context: BenchContext): Promise<readonly Measurement[]> {
  const size = context.quick
    ? { runs: 1, singles: 500, batches: 20, events: 5_000 }
    : { runs: 9, singles: 8_000, batches: 400, events: 1_000_000 };
  const { single, many } = await onServer(async ({ store, client }) => {
    context.progress(`kurrent: ${size.runs} runs of ${size.singles} appends and ${size.batches} of ${BATCH} events`);
    const single = await inTurns(size.runs, size.singles, {
      ours: () => inFlight(times(size.singles), IN_FLIGHT, () => appendOurs(store, 1)),
      bare: () => inFlight(times(size.singles), IN_FLIGHT, () => appendBare(client, 1)),
    });
    const many = await inTurns(size.runs, size.batches * BATCH, {
      ours: () => inFlight(times(size.batches), BATCHES_IN_FLIGHT, () => appendOurs(store, BATCH)),
      bare: () => inFlight(times(size.batches), BATCHES_IN_FLIGHT, () => appendBare(client, BATCH)),
    });
    return { single, many };
  });
  const { read, memory } = await onServer(async ({ store, client }) => {
    context.progress(`kurrent: reading ${size.events} events`);
    await inFlight(times(size.events / BATCH), BATCHES_IN_FLIGHT, () => appendOurs(store, BATCH));
    const part = Math.min(size.events, 100_000);
    const read = await inTurns(size.runs, part, {
      ours: () => readOurs(store, part),
      bare: () => readBare(client, part),
    });
    return { read, memory: await memoryOverAll(store) };
  });
  return [
    measured('kurrent_append_per_s', single, [`${IN_FLIGHT} in flight`, about]),
    { name: 'kurrent_append_ratio', value: single.ratio, notes: [] },
    measured('kurrent_append100_events_per_s', many, [
      `${BATCH} events an append, ${BATCHES_IN_FLIGHT} in flight`,
      about,
    ]),
    { name: 'kurrent_append100_ratio', value: many.ratio, notes: [] },
    measured('kurrent_read_per_s', read, [`appended by ${BATCH}; both read the same events`, about, memory]),
    { name: 'kurrent_read_ratio', value: read.ratio, notes: [] },
  ];
}

/** With a server of its own, so that one part does not read what another has written. */
async function onServer<T>(
  work: (clients: { readonly store: EventStore; readonly client: EventStoreDBClient }) => Promise<T>,
): Promise<T> {
  const server = await forkKurrentServer();
  const store = createKurrentEventStore({ connectionString: server.connectionString });
  const client = EventStoreDBClient.connectionString(server.connectionString);
  try {
    await store.head();
    return await work({ store, client });
  } finally {
    await store.close();
    await client.dispose();
    await server.stop();
  }
}

interface Compared {
  readonly ours: number;
  readonly bare: number;
  readonly ratio: number;
}

/** In turns, so that what else the machine does meets both; the ratio is the median of those of each turn. */
async function inTurns(
  runs: number,
  count: number,
  { ours, bare }: { readonly ours: () => Promise<unknown>; readonly bare: () => Promise<unknown> },
): Promise<Compared> {
  const rates: Compared[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const rate = async (action: () => Promise<unknown>): Promise<number> => {
      const start = performance.now();
      await action();
      return (count * 1_000) / (performance.now() - start);
    };
    const ourRate = await rate(ours);
    const bareRate = await rate(bare);
    // The first turn warms up.
    if (run > 0) rates.push({ ours: ourRate, bare: bareRate, ratio: ourRate / bareRate });
  }
  const of = (name: keyof Compared): number => median(rates.map((rate) => rate[name]));
  return { ours: of('ours'), bare: of('bare'), ratio: of('ratio') };
}

function measured(
  name: 'kurrent_append_per_s' | 'kurrent_append100_events_per_s' | 'kurrent_read_per_s',
  { ours, bare }: Compared,
  notes: readonly string[],
): Measurement {
  return { name, value: ours, notes: [`the bare client: ${Math.round(bare)} per second`, ...notes] };
}

function leaves(count: number): NewEvent[] {
  return Array.from({ length: count }, () => ({ id: randomUUID(), bytes: new Uint8Array(LEAF_BYTES).fill(7) }));
}

async function appendOurs(store: EventStore, count: number): Promise<void> {
  const stream = `voucher-${randomUUID()}`;
  const { status } = await store.append({ stream, expectedVersion: 0, events: leaves(count) });
  if (status !== 'appended') throw new Error(`An append of the benchmark ended with ${status}.`);
}

async function appendBare(client: EventStoreDBClient, count: number): Promise<void> {
  const events = leaves(count).map(({ id, bytes }) => ({
    id,
    type: 'bare',
    contentType: 'application/octet-stream' as const,
    data: bytes,
    metadata: undefined,
  }));
  await client.appendToStream(`bare-${randomUUID()}`, events, { expectedRevision: NO_STREAM, credentials });
}

async function readOurs(store: EventStore, count: number): Promise<void> {
  let seen = 0;
  for await (const batch of store.readAll({ before: count })) seen += batch.length;
  if (seen !== count) throw new Error(`The store gave ${seen} events instead of ${count}.`);
}

async function readBare(client: EventStoreDBClient, count: number): Promise<void> {
  let seen = 0;
  for await (const resolved of client.readAll({ maxCount: count })) if (resolved.event) seen += 1;
  if (seen !== count) throw new Error(`The client gave ${seen} events instead of ${count}.`);
}

async function memoryOverAll(store: EventStore): Promise<string> {
  const before = process.memoryUsage.rss();
  let most = before;
  let seen = 0;
  for await (const batch of store.readAll()) {
    seen += batch.length;
    most = Math.max(most, process.memoryUsage.rss());
  }
  const megabytes = (bytes: number): number => Math.round(bytes / 1_048_576);
  return `reading ${seen} events took ${megabytes(most - before)} MB on top of ${megabytes(before)} MB`;
}

function times(count: number): undefined[] {
  return Array.from({ length: count }, () => undefined);
}

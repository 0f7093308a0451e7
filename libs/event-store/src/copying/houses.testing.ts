/** Stores of every kind for the specs of moving, and a small ledger that has everything that a store may hold. */
import { createHash } from 'node:crypto';
import { startKurrentServer } from '@aidtrail/testing/kurrentdb';
import { testDatabase } from '@aidtrail/testing/postgres';
import {
  accepted,
  appendOf,
  everything,
  plainOutcome,
  range,
  refused,
  sampleBytes,
  sampleId,
} from '../contract/samples.js';
import { createKurrentEventStore } from '../kurrentdb/kurrent-event-store.js';
import { createMemoryEventStore } from '../memory/memory-event-store.js';
import type { CommandOutcome, EventStore, StoredEvent } from '../port.js';
import { createPostgresEventStore } from '../postgres/postgres-event-store.js';
import type { LeafTree } from './copy-options.js';
import type { CopyableStore } from './copyable-store.js';

export type Kind = 'memory' | 'postgres' | 'kurrentdb';

const closers: (() => Promise<unknown>)[] = [];

/** An empty store of a kind, with everything that it needs. */
export async function emptyHouse(kind: Kind): Promise<CopyableStore> {
  if (kind === 'memory') return createMemoryEventStore();
  if (kind === 'postgres') {
    const database = await testDatabase();
    const store = createPostgresEventStore({ connectionString: database.connectionString, readConnections: 3 });
    closers.push(
      () => store.close(),
      () => database.drop(),
    );
    return store;
  }
  const server = await startKurrentServer();
  const store = createKurrentEventStore({ connectionString: server.connectionString });
  closers.push(
    () => store.close(),
    () => server.stop(),
  );
  return store;
}

/** For `afterEach`. */
export async function leaveHouses(): Promise<void> {
  for (const close of closers.splice(0)) await close();
}

/** Commands 1 … 40 were accepted, with one event or three; 1 … 30 of the second hundred refused; 50 streams came in bulk. */
export async function furnish(store: EventStore): Promise<void> {
  for (const n of range(1, 41)) {
    const stream = `voucher-${n % 7}`;
    const version = (await store.versionsOf([stream])).get(stream) ?? 0;
    const append =
      n % 3 === 0 ? appendOf(stream, version, n * 10, n * 10 + 1, n * 10 + 2) : appendOf(stream, version, n * 10);
    await store.append({ ...append, command: accepted(n) });
    if (n <= 30) await store.refuse(refused(100 + n));
  }
  await store.appendMany(
    range(0, 50).map((i) => ({
      stream: `donation-${i}`,
      expectedVersion: 0,
      events: [0, 1].map((k) => ({
        id: sampleId(5_000 + i * 2 + k),
        bytes: sampleBytes(i, 100),
        sealed: sampleBytes(k, 50),
      })),
    })),
  );
  // More than KurrentDB takes in one piece.
  const heavy = range(0, 3).map((k) => ({
    id: sampleId(9_000 + k),
    bytes: sampleBytes(k, 60_000),
    sealed: sampleBytes(k, 400_000),
  }));
  await store.append({ stream: 'fund-1', expectedVersion: 0, events: heavy, command: accepted(90) });
}

export interface Contents {
  readonly events: StoredEvent[];
  readonly outcomes: (CommandOutcome | undefined)[];
}

/** All that the store holds, outcomes by their commands. */
export async function contentsOf(store: CopyableStore): Promise<Contents> {
  const outcomes: CommandOutcome[] = [];
  for await (const batch of store.readOutcomes()) outcomes.push(...batch);
  outcomes.sort((one, other) => (one.commandId < other.commandId ? -1 : 1));
  return { events: await everything(store), outcomes: outcomes.map(plainOutcome) };
}

/** Stands for the Merkle tree: any digest of all leaves in their order. */
export function chain(): LeafTree {
  const hash = createHash('sha256');
  return { append: (leaf) => void hash.update(leaf).update('|'), root: () => hash.digest() };
}

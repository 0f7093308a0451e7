import { nodeSha256 } from '@aidtrail/crypto-node';
import { streamConcept, type DomainEvent, type Recorded } from '@aidtrail/domain';
import { base64Encode, parseLeafOrThrow } from '@aidtrail/envelope';
import { createPostgresEventStore, type EventStore } from '@aidtrail/event-store';
import { LogReplay } from '@aidtrail/verification';
import { isDeepStrictEqual } from 'node:util';
import { inputOfChild, tellParent } from './children.js';

/** What to replay, and a signed checkpoint that the tree must pass through. */
export interface ReplayOrder {
  readonly connectionString: string;
  readonly checkpoint: { readonly size: number; readonly root: string };
}

/** What the child tells its parent when it is done. */
export interface ReplayReport {
  readonly events: number;
  readonly streams: number;
  readonly seconds: number;
  readonly root: string;
  readonly peakRssMb: number;
  /** Resident memory at each tenth of the log. */
  readonly rssMb: readonly number[];
  /** Streams whose state was compared afterwards with what a plain fold gives. */
  readonly comparedStreams: number;
}

const COMPARED_STREAMS = 1_000;

/**
 * Replays a whole store in one thread: every leaf is folded into its stream's state by that stream's decider, hashed, and
 * taken into the Merkle tree. Disclosures stay closed and signatures unverified. The clock stops before the checks.
 */
async function replayStore({ connectionString, checkpoint }: ReplayOrder): Promise<ReplayReport> {
  const store = createPostgresEventStore({ connectionString, readConnections: 2 });
  try {
    const head = await store.head();
    const replay = new LogReplay(nodeSha256);
    const rssMb: number[] = [];
    let peak = 0;
    let rootAtCheckpoint = '';
    const start = performance.now();
    for await (const leaves of store.readLeaves()) {
      for (const leaf of leaves) {
        replay.take(leaf);
        if (replay.size === checkpoint.size) rootAtCheckpoint = base64Encode(replay.root());
      }
      const now = process.memoryUsage.rss() / 2 ** 20;
      peak = Math.max(peak, now);
      if (replay.size >= ((rssMb.length + 1) * head) / 10) rssMb.push(Math.round(now));
    }
    const root = base64Encode(replay.root());
    const seconds = (performance.now() - start) / 1_000;
    if (rootAtCheckpoint !== checkpoint.root)
      throw new Error('The replayed tree is not the one that the ledger signed.');
    const comparedStreams = await compareStates(store, replay, head);
    const { size: events, streams } = replay;
    return { events, streams, seconds, root, peakRssMb: Math.round(peak), rssMb, comparedStreams };
  } finally {
    await store.close();
  }
}

/** Folds the streams of leaves from all over the log in the plain way, and requires the replayed states to be the same. */
async function compareStates(store: EventStore, replay: LogReplay, head: number): Promise<number> {
  const streams = new Set<string>();
  for (let i = 0; i < COMPARED_STREAMS; i += 1) {
    const from = Math.floor((i * head) / COMPARED_STREAMS);
    for await (const [event] of store.readAll({ from, before: from + 1 })) streams.add(event?.stream ?? '');
  }
  for (const stream of streams) {
    const concept = streamConcept(stream);
    if (concept === undefined) throw new Error('The log holds a stream of an unknown category.');
    const stored = await store.readStream(stream);
    const state = stored.reduce((folded: unknown, { bytes, id, position }) => {
      const { type, day, data } = parseLeafOrThrow(bytes);
      const event: Recorded<DomainEvent> = { type, data, id, position, day };
      return concept.decider.evolve(folded, event);
    }, concept.decider.initial);
    if (!isDeepStrictEqual(replay.stateOf(stream), { version: stored.length, state }))
      throw new Error('A replayed state differs from that of a plain fold.');
  }
  return streams.size;
}

await tellParent(await replayStore(await inputOfChild<ReplayOrder>()));
process.disconnect();
